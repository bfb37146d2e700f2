"""What if: changes to the plan or to the world, answered against the current plan."""
