"""The tables, `lms_*`, on a base of their own."""

from lms.models.applications import ConfirmationWithdrawal, HandIn, HandInUpload, ReviewDecision, ReviewRequest
from lms.models.assessments import Assessment, AssessmentMove, FocusChoice, Rating, RatingSheet
from lms.models.assignment_rules import RuleDecision, RuleVersion, is_effective, is_in_force
from lms.models.attempts import CURRENT_RESULT, AnswerEvent, AnswerValue, Attempt, AttemptQuestion, AttemptResult
from lms.models.audiences import is_meant, join_post, joined_on, profile_of
from lms.models.audit import AccessEntry, AuditEntry, FormReceipt, ImportRun
from lms.models.base import Base, Held, UtcDateTime, new_ref
from lms.models.completions import (
    CURRENT_WITHDRAWAL,
    UNMADE,
    Attendance,
    Completion,
    CompletionReinstatement,
    CompletionWithdrawal,
    FactText,
    is_unmade,
)
from lms.models.courses import (
    CURRENT_VERSION,
    Course,
    CourseText,
    CourseVersion,
    Media,
    Question,
    QuestionFeedback,
    QuestionKey,
    QuestionText,
    Section,
    in_source_language,
)
from lms.models.delegations import Delegation, DelegationEnd
from lms.models.enrolments import (
    Assignment,
    AssignmentWithdrawal,
    Enrolment,
    EnrolmentAssignment,
    EnrolmentStart,
    SectionReading,
    Waiver,
    WaiverWithdrawal,
)
from lms.models.erasures import Erasure, ErasureDecision, ErasureRequest
from lms.models.evidence import (
    EntryDecision,
    EntryFile,
    Evidence,
    EvidenceEntry,
    EvidenceWithdrawal,
    LevelMove,
    StoredLevel,
)
from lms.models.exports import ExportedPerson, ExportReceipt, ExportRun
from lms.models.imports import ImportDetail, ImportFile, ImportLine, ImportSlice, ImportStep, PeopleImport
from lms.models.jobs import Job, JobAttempt, JobOutcome
from lms.models.leaves import Leave, LeaveEnd, is_on_leave
from lms.models.mails import Mail, MailChoice, MailEvent
from lms.models.peers import PeerAnswer, PeerRating, PeerRequest
from lms.models.people import Person, Post, ReportingLine, RoleGrant, SignInIdentity
from lms.models.plans import DevelopmentPlan, Objective, PlanAct, PlanCopy, PlanItem, PlanItemSignature, PlanNote
from lms.models.questions_watched import ItemFigures, QuestionReport, ReportReply
from lms.models.quiz_terms import ExtraAttempt, HelpRequest, LateDecision, TimeAllowance
from lms.models.recalls import QuestionRecall, RecallDecision, RecallOutcome, ResultRecall
from lms.models.records import from_records
from lms.models.reference import ReferenceVersion
from lms.models.reminders import ClosedDay, Reminder
from lms.models.seals import Seal, SealCheck, SealedRecord, SealKey
from lms.models.standing import (
    Standing,
    application_state_on,
    has_status_on,
    is_overdue_on,
    named_completion,
    renewal_state_on,
    status_on,
)
from lms.models.tallies import UnitTally
from lms.models.targets import Target, TargetChoice
from lms.models.unions import Union, UnionDecision, UnionEnd
from lms.models.units import OrgUnit, PartnerOrganisation
from lms.models.uploads import Upload, UploadBody

__all__ = [
    "CURRENT_RESULT", "CURRENT_VERSION", "CURRENT_WITHDRAWAL", "UNMADE", "AccessEntry", "AnswerEvent", "AnswerValue",
    "Assessment", "AssessmentMove", "Assignment", "AssignmentWithdrawal", "Attempt", "AttemptQuestion",
    "AttemptResult", "Attendance", "AuditEntry", "Base", "ClosedDay", "Completion", "CompletionReinstatement",
    "CompletionWithdrawal", "ConfirmationWithdrawal", "Course", "CourseText", "CourseVersion", "Delegation",
    "DelegationEnd", "DevelopmentPlan", "Enrolment", "EnrolmentAssignment", "EnrolmentStart", "EntryDecision",
    "EntryFile", "Erasure", "ErasureDecision", "ErasureRequest", "Evidence", "EvidenceEntry", "EvidenceWithdrawal",
    "ExportReceipt", "ExportRun", "ExportedPerson", "ExtraAttempt", "FactText", "FocusChoice", "FormReceipt",
    "HandIn", "HandInUpload", "Held", "HelpRequest", "ImportDetail", "ImportFile", "ImportLine", "ImportRun",
    "ImportSlice", "ImportStep", "ItemFigures", "Job", "JobAttempt", "JobOutcome", "LateDecision", "Leave",
    "LeaveEnd", "LevelMove", "Mail", "MailChoice", "MailEvent", "Media", "Objective", "OrgUnit",
    "PartnerOrganisation", "PeerAnswer", "PeerRating", "PeerRequest", "PeopleImport", "Person", "PlanAct",
    "PlanCopy", "PlanItem", "PlanItemSignature", "PlanNote", "Post", "Question", "QuestionFeedback", "QuestionKey",
    "QuestionRecall", "QuestionReport", "QuestionText", "Rating", "RatingSheet", "RecallDecision", "RecallOutcome",
    "ReferenceVersion", "Reminder", "ReportReply", "ReportingLine", "ResultRecall", "ReviewDecision",
    "ReviewRequest", "RoleGrant", "RuleDecision", "RuleVersion", "Seal", "SealCheck", "SealKey", "SealedRecord",
    "Section", "SectionReading", "SignInIdentity", "Standing", "StoredLevel", "Target", "TargetChoice",
    "TimeAllowance", "Union", "UnionDecision", "UnionEnd", "UnitTally", "Upload", "UploadBody", "UtcDateTime",
    "Waiver", "WaiverWithdrawal", "application_state_on", "from_records", "has_status_on", "in_source_language",
    "is_effective", "is_in_force", "is_meant", "is_on_leave", "is_overdue_on", "is_unmade", "join_post",
    "joined_on", "named_completion", "new_ref", "profile_of", "renewal_state_on", "status_on",
]  # fmt: skip
