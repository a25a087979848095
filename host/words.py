"""What Flask-Security says, in our words: what happened, and what to do next."""

_SENT = (
    "If %(email)s has an account here, we have sent a mail with a link. It can take a few minutes; look among the "
    "spam too."
)
_USED = (
    "This link was used already or is not complete. Sign in with the password that you chose, or ask for a new "
    "link here."
)

_WRONG = "The e-mail address or the password is not right. Check both, or use the link below."

_MESSAGES = {
    "GENERIC_AUTHN_FAILED": (_WRONG, "error"),
    "PASSWORD_RESET_REQUEST": (_SENT, "info"),
    "PASSWORD_RESET_EXPIRED": ("This link is too old: it worked for %(within)s. Ask for a new one here.", "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (_USED, "error"),
    "PASSWORD_RESET_NO_LOGIN": ("Your new password is saved and you are signed in.", "success"),
    "PASSWORD_CHANGE": ("Your new password is saved. Other devices were signed out.", "success"),
    "PASSWORD_IS_THE_SAME": ("The new password is the old one. Choose another.", "error"),
    "INVALID_PASSWORD": ("This is not your present password.", "error"),
    "PASSWORD_NOT_PROVIDED": ("Write a password.", "error"),
    "EMAIL_NOT_PROVIDED": ("Write your e-mail address.", "error"),
    "INVALID_EMAIL_ADDRESS": ("Write an e-mail address, such as amina@example.org.", "error"),
    "RETYPE_PASSWORD_MISMATCH": ("The two passwords differ. Write the new one twice.", "error"),
    "UNAUTHENTICATED": ("Sign in to see that page.", "info"),
}

_SUBJECTS = {
    "PASSWORD_RESET": "Choose a new password",
    "PASSWORD_NOTICE": "Your password was changed",
    "PASSWORD_CHANGE_NOTICE": "Your password was changed",
}

CONFIG: dict[str, object] = {
    **{f"SECURITY_MSG_{name}": message for name, message in _MESSAGES.items()},
    **{f"SECURITY_EMAIL_SUBJECT_{name}": subject for name, subject in _SUBJECTS.items()},
}

INVITATION_USED = "A password was already chosen with this invitation. Sign in with it, or use the link below."
INVITATION_EXPIRED = "This invitation is too old or not complete. Write your e-mail address to get a new link."
ALREADY_DONE = "This was done a moment ago in another window. Sign in with the password that you chose there."
