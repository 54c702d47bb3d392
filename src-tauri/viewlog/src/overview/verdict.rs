//! What recomputing the log gave, and what of that stands above the rows.

use super::{Heading, Language, Notice};
use crate::verify::{Fault, Remark, RemarkClass, Verified};

/// What recomputing the log gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything agrees.
    Intact {
        /// Whether it was held against what this workstation's keychain knows.
        keychain: bool,
        /// What is to be looked at and proves nothing.
        remarks: Vec<Remark>,
        /// How many more there were.
        remarks_more: u64,
    },
    /// The first thing wrong.
    Fault {
        /// As in [`crate::FaultClass::code`].
        code: &'static str,
        /// At which entry, where known.
        sequence: Option<u64>,
    },
}

impl Verdict {
    /// Of [`crate::verify_against`]; `keychain` says whether what the keychain knows was among that.
    #[must_use]
    pub fn of(verified: Result<Verified, Fault>, keychain: bool) -> Self {
        match verified {
            Ok(verified) => Self::Intact {
                keychain,
                remarks: verified.remarks,
                remarks_more: verified.remarks_more,
            },
            Err(fault) => Self::Fault {
                code: fault.class.code(),
                sequence: fault.sequence,
            },
        }
    }
}

/// In words. What was read in the repository is never said to be recomputed.
pub(super) fn recomputed(heading: &Heading, l: Language) -> Vec<Notice> {
    match &heading.verdict {
        None => Vec::new(),
        Some(Verdict::Fault { code, sequence }) => {
            let entry = sequence.map_or_else(String::new, |n| {
                format!(", {} {n}", l.say("nummer", "entry"))
            });
            let said = l.say(
                "het log klopt niet, dit overzicht kan onvolledig zijn",
                "the log is damaged, this overview may be incomplete",
            );
            vec![Notice::warning(&format!("{said} ({code}{entry})"), l)]
        }
        Some(Verdict::Intact {
            keychain,
            remarks,
            remarks_more,
        }) => {
            let intact = if heading.repository_read.was_read() {
                l.say(
                    "Nagerekend: het log van deze werkplek is onbeschadigd; wat uit het register komt, is niet nagerekend; een afgeknipt einde is hiermee alleen niet te zien",
                    "Recomputed: this workstation's log is intact; what comes from the repository is not recomputed; a tail that was cut off does not show by this alone",
                )
            } else {
                l.say(
                    "Nagerekend: het log is onbeschadigd; een afgeknipt einde is hiermee alleen niet te zien",
                    "Recomputed: the log is intact; a tail that was cut off does not show by this alone",
                )
            };
            let mut notices = vec![Notice::of(intact)];
            // Of a copy nobody expects it: no keychain here is its own.
            if heading.opening.is_some() && !keychain {
                let said = l.say(
                    "het log is niet naast de sleutelbos van deze werkplek gelegd: of er aan het einde iets ontbreekt, is niet nagegaan",
                    "the log was not held against this workstation's keychain: whether anything is missing at its end was not looked into",
                );
                notices.push(Notice::warning(said, l));
            }
            notices.extend(to_look_at(remarks, *remarks_more, l));
            notices
        }
    }
}

/// What proves nothing, and may yet be why something is not among the rows.
fn to_look_at(remarks: &[Remark], more: u64, l: Language) -> Vec<Notice> {
    let is_clock =
        |class: RemarkClass| matches!(class, RemarkClass::ClockBack | RemarkClass::ClockAhead);
    let clock = remarks.iter().filter(|r| is_clock(r.class)).count();
    let new_key = remarks
        .iter()
        .find(|r| r.class == RemarkClass::KeychainLost);
    let others = remarks
        .iter()
        .filter(|r| !is_clock(r.class) && r.class != RemarkClass::KeychainLost)
        .count() as u64
        + more;
    let mut notices = Vec::new();
    if clock > 0 {
        let said = match l {
            Language::Nl => format!(
                "bij {clock} regels liep de klok van deze werkplek terug of voor: een inzage met een verkeerde tijd kan buiten de gevraagde periode vallen, en hier ontbreken"
            ),
            Language::En => format!(
                "at {clock} entries this workstation's clock went back or was ahead: a view with a wrong time may lie outside the period asked for, and be missing here"
            ),
        };
        notices.push(Notice::warning(&said, l));
    }
    if let Some(Remark { sequence, .. }) = new_key {
        let said = match l {
            Language::Nl => format!(
                "vanaf nummer {sequence} is met een nieuwe sleutel ondertekend, omdat de sleutelbos verloren was; of dat zo is, is hier niet te zien"
            ),
            Language::En => format!(
                "from entry {sequence} on a new key signed, because the keychain was lost; whether it was does not show here"
            ),
        };
        notices.push(Notice::warning(&said, l));
    }
    if others > 0 {
        let said = match l {
            Language::Nl => format!(
                "bij het narekenen viel nog iets op, {others} keer: inzage log verify zegt wat"
            ),
            Language::En => format!(
                "recomputing found something more to look at, {others} times: inzage log verify says what"
            ),
        };
        notices.push(Notice::warning(&said, l));
    }
    notices
}
