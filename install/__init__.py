"""Sets xlbudget up on a machine: its environment, the demo, the tests, the hosts."""
