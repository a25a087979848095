"""What an author may want to know about a library that has no faults."""

from lms.content.course import CourseContent, Library


def library_notes(library: Library) -> list[str]:
    """Information, not faults: translations that nobody has confirmed, paths to courses to come."""
    notes = [note for course in library.courses for note in _course_notes(course)]
    codes = {course.code for course in library.courses}
    for reference in library.references:
        for path in reference.body.get("paths", ()):
            absent = [code for code in path["courses"] if code not in codes]
            if absent:
                notes.append(f"path {path['code']} names courses that are not there yet: {', '.join(absent)}")
    return notes


def _course_notes(course: CourseContent) -> list[str]:
    return [
        f"{course.slug}: the translation '{language}' is not yet reviewed by a speaker"
        for language in course.languages[1:]
        if not course.texts[language].reviewed_by
    ]
