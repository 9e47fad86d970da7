"""When Pins go out: the calendar, the queue, series and the distance of repeats."""
