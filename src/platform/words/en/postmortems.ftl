# Post-mortems.
