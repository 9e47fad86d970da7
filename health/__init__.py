"""Whether this server does its work: heartbeats, readiness, figures and alarms."""
