"""Who may do what: roles and their permissions, as plain values (robustness §7's table)."""

TRAINEE = "trainee"
ADMINISTRATOR = "administrator"
TRAINER = "trainer"
GRADER = "grader"
INVIGILATOR = "invigilator"
LIAISON = "liaison"
AUDITOR = "auditor"
ROLES = (ADMINISTRATOR, TRAINER, GRADER, INVIGILATOR, LIAISON, AUDITOR)

PERMISSIONS = {
    TRAINEE: {"exam.sit", "course.learn"},
    ADMINISTRATOR: {
        "people.read", "people.write", "people.import", "grant.write", "unit.write",
        "bank.read", "bank.import", "bank.review", "paper.read", "paper.freeze",
        "sitting.read", "sitting.plan", "sitting.watch", "sitting.extend",
        "result.read", "result.confirm", "result.export",
        "notice.read", "notice.draft", "notice.approve", "notice.issue",
        "training.read", "training.write", "course.write", "job.read", "admin.home",
    },
    TRAINER: {
        "bank.read", "bank.write", "bank.import", "bank.review", "paper.read", "paper.write", "paper.freeze",
        "sitting.read", "sitting.plan", "result.read", "result.export", "training.read", "training.write", "course.write", "people.names",
    },
    GRADER: {"sitting.read"},
    INVIGILATOR: {"sitting.read", "sitting.watch", "sitting.extend"},
    LIAISON: {"people.read", "copy.read", "copy.sign", "unit.home", "result.read_unit"},
    AUDITOR: {"audit.read", "people.read", "bank.read", "paper.read", "sitting.read", "result.read", "notice.read", "training.read"},
}  # fmt: skip

ALL_PERMISSIONS = set().union(*PERMISSIONS.values())
