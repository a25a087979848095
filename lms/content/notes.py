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
    notes = [
        f"{course.slug}: the translation '{language}' is not yet reviewed by a speaker"
        for language in course.languages[1:]
        if not course.texts[language].reviewed_by
    ]
    if course.waits_for:
        notes.append(
            f"{course.slug} version {course.number} waits for sign-off by: {course.waits_for}. `flask lms load` leaves "
            f"it out until then. {how_to_sign_off(course.slug)}"
        )
    elif signed := course.signed_off:
        notes.append(
            f"{course.slug} version {course.number} was signed off on {signed.on} by {signed.by}, {signed.role}"
        )
    return notes


def how_to_sign_off(slug: str) -> str:
    """What to do about a course that waits."""
    return f'Who has read it all and stands for it: flask lms sign-off {slug} --by "NAME" --role "ROLE"'
