"""Partnership Learning: a learning management plugin for Flask. Mount it with `lms.extension.LMS`."""
