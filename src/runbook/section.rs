//! What a part of a runbook is for, by the headings that teams give it.

use crate::base::words;

/// What a part is for, in the order in which it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What the alert says.
    Meaning,
    /// Who is hurt, and how much.
    Impact,
    /// How to find the cause.
    Diagnosis,
    /// How to stop it.
    Mitigation,
    /// How to see that it helped.
    Verification,
    /// Whom to call.
    Escalation,
}

/// Words of headings, the telling ones first: "Verify the fix" is a verification.
const WORDS: [(Section, &[&str]); 6] = [
    (Section::Verification, &["verification", "verify", "verifying", "validation", "validate", "confirm recovery"]),
    (
        Section::Escalation,
        &["escalation", "escalate", "escalating", "contact", "contacts", "whom to call", "who to call", "on call"],
    ),
    (
        Section::Mitigation,
        &[
            "mitigation",
            "mitigations",
            "mitigate",
            "mitigating",
            "remediation",
            "remediate",
            "resolution",
            "resolve",
            "resolving",
            "recovery",
            "recover",
            "fix",
            "fixes",
            "fixing",
            "workaround",
            "workarounds",
            "stop the bleeding",
            "what to do",
            "solution",
            "solutions",
            "response",
            "actions",
            "how to fix",
        ],
    ),
    (
        Section::Diagnosis,
        &[
            "diagnosis",
            "diagnose",
            "diagnostics",
            "diagnosing",
            "triage",
            "investigation",
            "investigate",
            "investigating",
            "troubleshooting",
            "troubleshoot",
            "debugging",
            "debug",
            "root cause",
            "possible causes",
            "causes",
        ],
    ),
    (Section::Impact, &["impact", "effect", "effects", "consequences", "who is affected", "severity"]),
    (
        Section::Meaning,
        &[
            "meaning",
            "description",
            "overview",
            "summary",
            "what it means",
            "about",
            "context",
            "background",
            "introduction",
        ],
    ),
];

impl Section {
    /// What a heading says of the part below it, if it is one of the usual.
    pub fn of(heading: &str) -> Option<Self> {
        WORDS.iter().find(|(_, known)| words::has_any(heading, known)).map(|(section, _)| *section)
    }

    /// Its usual heading.
    pub fn word(self) -> &'static str {
        match self {
            Self::Meaning => "meaning",
            Self::Impact => "impact",
            Self::Diagnosis => "diagnosis",
            Self::Mitigation => "mitigation",
            Self::Verification => "verification",
            Self::Escalation => "escalation",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_headings_are_known() {
        for (heading, section) in [
            ("Meaning", Some(Section::Meaning)),
            ("Impact", Some(Section::Impact)),
            ("Initial triage", Some(Section::Diagnosis)),
            ("Troubleshooting steps", Some(Section::Diagnosis)),
            ("How to fix it", Some(Section::Mitigation)),
            ("Verify the fix", Some(Section::Verification)),
            ("On-call escalation", Some(Section::Escalation)),
            ("KubePodCrashLooping", None),
            ("Prefixes", None),
        ] {
            assert_eq!(Section::of(heading), section, "{heading}");
        }
    }
}
