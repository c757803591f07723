"""Evidence in, a verdict on one cause out. One file per cause; adding one is adding a file with one `@rule`."""
