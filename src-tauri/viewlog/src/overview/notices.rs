//! What stands above the rows: where they come from, and what is not in them.

use super::missing::missing_elsewhere;
use super::text::plain;
use super::verdict::recomputed;
use super::{Heading, Language, Overview, RepositoryRead, words};

/// One thing that stands above the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// In words; one that warns begins with "LET OP".
    pub said: String,
    /// Whether it must not be overlooked: something is wrong, or missing.
    pub warns: bool,
}

impl Notice {
    pub(super) fn of(said: &str) -> Self {
        Self {
            said: plain(said),
            warns: false,
        }
    }

    pub(super) fn warning(said: &str, l: Language) -> Self {
        Self {
            said: plain(&format!("{}: {said}", l.say("LET OP", "WARNING"))),
            warns: true,
        }
    }
}

/// All of it.
pub(super) fn notices(overview: &Overview, heading: &Heading, l: Language) -> Vec<Notice> {
    let mut notices = notices_but_expiry(overview, heading, l);
    notices.extend(expiry(overview, heading, l));
    notices
}

/// That content of the period expired, and up to which entry.
pub(super) fn expiry(overview: &Overview, heading: &Heading, l: Language) -> Option<Notice> {
    let last = overview.expired.as_ref()?.last;
    let deleted = match l {
        Language::Nl => {
            format!("tot en met nummer {last} is de inhoud verwijderd, zoals de bewaartermijn wil")
        }
        Language::En => {
            format!("up to entry {last} the content was deleted as the retention policy wants")
        }
    };
    let who = if heading.repository_read.was_read() {
        l.say(
            "wie toen keek, staat hier alleen voor zover het register het nog heeft",
            "who looked then is here only as far as the repository still has it",
        )
    } else {
        l.say(
            "wie toen keek, staat hier niet meer",
            "who looked then is no longer here",
        )
    };
    Some(Notice::warning(&format!("{deleted}; {who}"), l))
}

/// All but expiry, of which a patient is told by date and not by number.
pub(super) fn notices_but_expiry(
    overview: &Overview,
    heading: &Heading,
    l: Language,
) -> Vec<Notice> {
    let mut notices = of_the_repository(heading.repository_read, l);
    notices.push(Notice::of(&match heading.opening {
        Some(entry) => format!(
            "{} {entry}",
            l.say(
                "Deze inzage in het log is zelf vastgelegd, onder nummer",
                "This opening of the log is itself logged, as entry",
            )
        ),
        None => l
            .say(
                "Kopie van een log: deze inzage is niet in het log vastgelegd",
                "A copy of a log: this opening is not logged",
            )
            .to_owned(),
    }));
    notices.extend(recomputed(heading, l));
    notices.extend(missing_elsewhere(heading, l));
    notices.extend(missing(overview, l));
    notices
}

fn of_the_repository(read: RepositoryRead, l: Language) -> Vec<Notice> {
    let from = if read.was_read() {
        words::here_and_repository(l)
    } else {
        words::only_here(l)
    };
    let warning = match read {
        RepositoryRead::NotAsked | RepositoryRead::Whole => None,
        RepositoryRead::Failed { code } => Some(match l {
            Language::Nl => format!(
                "het register was niet te lezen ({code}): wat andere werkplekken vastlegden, ontbreekt hier"
            ),
            Language::En => format!(
                "the repository could not be read ({code}): what other workstations logged is missing here"
            ),
        }),
        RepositoryRead::Part => Some(
            l.say(
                "het register heeft meer dan er is gelezen; vraag een kortere periode",
                "the repository has more than was read; ask for a shorter period",
            )
            .to_owned(),
        ),
    };
    std::iter::once(Notice::of(from))
        .chain(warning.map(|said| Notice::warning(&said, l)))
        .collect()
}

/// What was there and is not in the rows, or not wholly.
fn missing(overview: &Overview, l: Language) -> Vec<Notice> {
    let mut notices = Vec::new();
    if overview.unreadable_count > 0 {
        let said = l.say(
            "niet te lezen, en dus niet in dit overzicht",
            "not readable, and so not in this overview",
        );
        let (count, entry) = (overview.unreadable_count, l.say("nummer", "entry"));
        let numbers = listed(&overview.unreadable);
        notices.push(Notice::warning(
            &format!("{said}: {count} ({entry} {numbers})"),
            l,
        ));
    }
    if overview.elsewhere_unreadable > 0 {
        let said = l.say(
            "in het register niet te lezen, en dus niet in dit overzicht",
            "not readable in the repository, and so not in this overview",
        );
        let count = overview.elsewhere_unreadable;
        notices.push(Notice::warning(&format!("{said}: {count}"), l));
    }
    if overview.elsewhere_not_searched > 0 {
        let said = l.say(
            "in het register verzegeld met een andere sleutel, en dus niet te doorzoeken",
            "sealed to another key in the repository, and so not searchable",
        );
        let count = overview.elsewhere_not_searched;
        notices.push(Notice::warning(&format!("{said}: {count}"), l));
    }
    if overview.elsewhere_contradicted > 0 {
        let said = l.say(
            "het register spreekt dit log of zichzelf tegen; elke lezing die gevraagd is, staat er gemerkt bij. Aantal nummers",
            "the repository contradicts this log or itself; every version that was asked for is there, marked. Entries",
        );
        let count = overview.elsewhere_contradicted;
        notices.push(Notice::warning(&format!("{said}: {count}"), l));
    }
    if overview.lost_here > 0 {
        let said = l.say(
            "in het register staan regels van deze werkplek die hier ontbreken",
            "the repository has entries of this workstation that are missing here",
        );
        let count = overview.lost_here;
        notices.push(Notice::warning(&format!("{said}: {count}"), l));
    }
    if overview.not_unsealed > 0 {
        let said = l.say(
            "Verzegeld met een andere sleutel, getoond zonder wie en over wie",
            "Sealed to another key, shown without who and about whom",
        );
        notices.push(Notice::of(&format!("{said}: {}", overview.not_unsealed)));
    }
    if !overview.segments_not_searched.is_empty() {
        let said = l.say(
            "met deze sleutel niet te doorzoeken, deel",
            "not searchable with this key, part",
        );
        let parts = listed(&overview.segments_not_searched);
        notices.push(Notice::warning(&format!("{said}: {parts}"), l));
    }
    if overview.more {
        let said = l.say(
            "er is meer dan één overzicht bevat; vraag een kortere periode",
            "there is more than one overview holds; ask for a shorter period",
        );
        notices.push(Notice::warning(said, l));
    }
    notices
}

fn listed(numbers: &[u64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
    numbers.join(", ")
}
