"""Records on other machines: buckets of an object store, folders of a web server."""
