"""Plans to DuckDB SQL: pure text with parameters; opens nothing."""
