"""Tables and arrays in, measurements out. One file per instrument; adding one is adding a file with one `@instrument`."""
