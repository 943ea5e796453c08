"""Tables as they are recorded, without the choices that the other modules make."""
