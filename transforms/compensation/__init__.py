"""The compensation plan, laid out as the plan is: a module per clause."""
