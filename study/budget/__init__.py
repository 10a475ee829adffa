"""Keep a study within a budget of time: what trainings cost, what there is time for, the clock."""
