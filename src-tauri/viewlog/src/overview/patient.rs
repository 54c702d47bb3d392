//! For the patient, in plain words: who looked, for which organisation, at what, and why
//! that was allowed. No codes, and no numbers of employees.

use chrono::Datelike;
use inzage_core::domain::consent::{Basis, Ica};

use super::notices::notices_but_expiry;
use super::row::{Kind, Outcome, Person, Remark, Row, Who};
use super::text::{plain, sections, times};
use super::{ExpiredBefore, Heading, Language, Notice, Overview, day, words};

/// The overview for the patient it is about, oldest first: one paragraph per line of the result.
#[must_use]
pub fn for_patient(overview: &Overview, heading: &Heading, l: Language) -> Vec<String> {
    let told = told(overview, heading, l);
    let views = told.views.into_iter().map(|(when, what)| {
        if when.is_empty() {
            what
        } else {
            format!("{when}: {what}")
        }
    });
    std::iter::once(told.title)
        .chain(told.notices.into_iter().map(|notice| notice.said))
        .chain(views)
        .chain([told.contact])
        .collect()
}

/// What the patient is told, in the parts that a writer sets apart.
pub(super) struct Told {
    pub(super) title: String,
    pub(super) notices: Vec<Notice>,
    /// When, and what; without a when where there is nothing to tell.
    pub(super) views: Vec<(String, String)>,
    pub(super) contact: String,
}

pub(super) fn told(overview: &Overview, heading: &Heading, l: Language) -> Told {
    let mut notices = notices_but_expiry(overview, heading, l);
    let everywhere = heading.repository_read.was_read();
    let gone = overview.expired.as_ref();
    notices.extend(gone.map(|gone| Notice::of(&expired(gone, everywhere, l))));
    if let Some(made) = day::local_day(&heading.made_at) {
        let said = format!("{} {}.", l.say("Gemaakt op", "Made on"), date(made, l));
        notices.push(Notice::of(&said));
    }
    let mut views: Vec<(String, String)> = overview
        .rows
        .iter()
        .map(|row| (plain(&when(row, l)), plain(&sentence(row, l))))
        .collect();
    if views.is_empty() {
        views.push((String::new(), nothing_found(everywhere, l)));
    }
    let contact = words::contact(heading.data_protection_officer.as_deref(), l);
    Told {
        title: l
            .say(
                "Wie heeft uw huisarts-samenvatting bekeken?",
                "Who looked at your GP summary?",
            )
            .to_owned(),
        notices,
        views,
        contact: plain(&contact),
    }
}

fn date(day: chrono::NaiveDate, l: Language) -> String {
    const NL: [&str; 12] = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ];
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let names = match l {
        Language::Nl => NL,
        Language::En => EN,
    };
    let month = names
        .get(day.month0() as usize)
        .copied()
        .unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

/// Never "nobody looked": what was searched is one workstation's, or what the repository has, and may be
/// incomplete.
fn nothing_found(everywhere: bool, l: Language) -> String {
    let why = if everywhere {
        l.say(
            "wat het register van de organisatie niet heeft gekregen of niet meer heeft, staat hier niet",
            "what the organisation's repository was not given, or no longer has, is not here",
        )
    } else {
        l.say(
            "andere werkplekken hebben een eigen log",
            "other workstations have a log of their own",
        )
    };
    match l {
        Language::Nl => format!(
            "Hier is niets over u gevonden in deze periode. Dat betekent niet dat niemand heeft gekeken: {why}."
        ),
        Language::En => format!(
            "Nothing about you was found here in this period. That does not mean that nobody looked: {why}."
        ),
    }
}

fn expired(gone: &ExpiredBefore, everywhere: bool, l: Language) -> String {
    // What went is of before this day in UTC, which begins an hour or two later than here.
    let last = gone.before.as_ref().and_then(|day| day.parse().ok());
    let views = last.map_or_else(
        || l.say("Oude inzagen", "Old views").to_owned(),
        |last| match l {
            Language::Nl => format!("Inzagen tot en met {}", date(last, l)),
            Language::En => format!("Views up to and including {}", date(last, l)),
        },
    );
    match (l, everywhere) {
        (Language::Nl, false) => format!(
            "{views} kunnen hier ontbreken: zij zijn verwijderd omdat de bewaartermijn voorbij is. Wie toen keek, is hier niet meer na te gaan."
        ),
        (Language::En, false) => format!(
            "{views} may be missing here: they were deleted because the time for which they must be kept is over. Who looked then can no longer be found out here."
        ),
        (Language::Nl, true) => format!(
            "{views} kunnen hier ontbreken: zij zijn op deze werkplek verwijderd omdat de bewaartermijn voorbij is. Alleen wat het register van de organisatie ervan heeft, staat hieronder."
        ),
        (Language::En, true) => format!(
            "{views} may be missing here: they were deleted on this workstation because the time for which they must be kept is over. Only what the organisation's repository has of them stands below."
        ),
    }
}

fn when(row: &Row, l: Language) -> String {
    let mut said = format!("{}, {}", date(row.day, l), times(row));
    if row.count > 1 {
        said.push_str(&match l {
            Language::Nl => format!(" ({} keer)", row.count),
            Language::En => format!(" ({} times)", row.count),
        });
    }
    said
}

fn sentence(row: &Row, l: Language) -> String {
    let mut said = who(row, l);
    said.push_str(&format!(
        " {} {} ({}). ",
        l.say("van", "of"),
        row.place.organisation.name,
        words::setting(row.place.setting, l)
    ));
    said.push_str(&done(row, l));
    for remark in &row.remarks {
        if let Some(more) = remark_for_patient(remark, l) {
            said.push(' ');
            said.push_str(&more);
        }
    }
    if row.contradicted {
        said.push_str(l.say(
            " Dit is niet zeker: elders staat het anders.",
            " This is not certain: it is recorded otherwise elsewhere.",
        ));
    }
    said
}

fn who(row: &Row, l: Language) -> String {
    let named = |person: &Person| format!("{}, {},", person.name, person.role_name);
    let mut said = match &row.who {
        Who::Nobody => l.say("zonder medewerker,", "no employee,").to_owned(),
        Who::Person(person) => named(person),
        Who::Sealed { role, .. } => words::role(*role, l).to_owned(),
    };
    if let Some(doctor) = &row.responsible {
        said.push_str(&format!(
            " {} {}",
            l.say("onder verantwoordelijkheid van", "on the responsibility of"),
            named(doctor)
        ));
    }
    said
}

/// What happened, and for what was shown: which data, from whom, on what basis.
fn done(row: &Row, l: Language) -> String {
    if let Kind::Event(name) = row.kind {
        return match name {
            "log_opened" => l
                .say(
                    "Heeft opgezocht wie uw samenvatting heeft bekeken.",
                    "Looked up who had viewed your summary.",
                )
                .to_owned(),
            _ => format!("{}.", words::kind(row.kind, l)),
        };
    }
    let seen = match &row.outcome {
        Outcome::Displayed => l.say(
            "Uw huisarts-samenvatting is op het scherm getoond.",
            "Your GP summary was shown on the screen.",
        ),
        Outcome::MayHaveBeenSeen => l.say(
            "Uw huisarts-samenvatting is misschien gezien: het scherm heeft niet bevestigd dat zij getoond is.",
            "Your GP summary may have been seen: the screen did not confirm that it was shown.",
        ),
        Outcome::ReceivedNotShown => l.say(
            "Er zijn gegevens over u ontvangen, niet getoond.",
            "Data about you were received, not shown.",
        ),
        Outcome::Refused => l.say(
            "Uw huisarts-samenvatting is niet getoond: een regel stond dat niet toe.",
            "Your GP summary was not shown: a rule did not allow it.",
        ),
        Outcome::Objected => l.say(
            "U (of wie u vertegenwoordigt) wilde het niet. Er is niets opgevraagd.",
            "You (or your representative) did not want it. Nothing was asked for.",
        ),
        Outcome::Failed => l.say(
            "Uw huisarts-samenvatting is opgevraagd; dat is niet gelukt.",
            "Your GP summary was asked for; that failed.",
        ),
        Outcome::Delivered => l.say(
            "Uw huisarts-samenvatting is ontvangen; nergens staat dat zij getoond is.",
            "Your GP summary was received; nothing says that it was shown.",
        ),
        Outcome::Requested | Outcome::Done(_) => l.say(
            "Uw huisarts-samenvatting is opgevraagd; verder is er niets vastgelegd.",
            "Your GP summary was asked for; nothing more was recorded.",
        ),
    };
    let mut said = seen.to_owned();
    if !matches!(row.outcome, Outcome::Displayed | Outcome::MayHaveBeenSeen) {
        return said;
    }
    if !row.sections.is_empty() {
        said.push_str(&format!(
            " {}: {}.",
            l.say("Met deze gegevens", "With these data"),
            sections(row, l)
        ));
    }
    for source in row.sources.iter().filter(|source| source.refused.is_none()) {
        let basis = source.basis.map_or_else(
            || l.say("niet vastgelegd", "not recorded"),
            |basis| why_allowed(basis, l),
        );
        said.push_str(&format!(
            " {} {}. {}: {basis}.",
            l.say("Afkomstig van", "From"),
            source.source,
            l.say("Dat mocht omdat", "This was allowed because"),
        ));
        if source.ica == Some(Ica::Withheld) {
            said.push_str(l.say(
                " Allergieën, intoleranties en contra-indicaties zijn daarbij niet getoond.",
                " Allergies, intolerances and contra-indications were not shown with it.",
            ));
        }
    }
    said
}

const fn why_allowed(basis: Basis, l: Language) -> &'static str {
    match basis {
        Basis::Explicit => l.say(
            "u vooraf toestemming had gegeven om uw gegevens te delen",
            "you had given permission in advance to share your data",
        ),
        Basis::Corona => l.say(
            "de tijdelijke coronaregeling gold en u nog geen keuze had gemaakt",
            "the temporary corona measure applied and you had not made a choice yet",
        ),
        Basis::NotEstablished => l.say(
            "de tijdelijke coronaregeling gold; of u vooraf toestemming gaf, kon niet worden vastgesteld",
            "the temporary corona measure applied; whether you gave permission in advance could not be established",
        ),
    }
}

fn remark_for_patient(remark: &Remark, l: Language) -> Option<String> {
    Some(match remark {
        Remark::ReceivedNotShown { source, why } => match l {
            Language::Nl => format!(
                "Van {source} ontvangen, niet getoond: {}.",
                words::reason(why, l)
            ),
            Language::En => format!(
                "From {source} received, not shown: {}.",
                words::reason(why, l)
            ),
        },
        Remark::Refused { source, reason } => {
            let from = source
                .as_ref()
                .map_or_else(String::new, |source| format!(" ({source})"));
            format!(
                "{}{from}: {}.",
                l.say("Niet toegestaan", "Not allowed"),
                words::reason(reason, l)
            )
        }
        Remark::Failed {
            source: Some(source),
            ..
        } => format!(
            "{}: {source}.",
            l.say(
                "Van deze bron is niets gekomen",
                "Nothing came from this source"
            )
        ),
        Remark::Failed { source: None, .. } | Remark::ReleaseNotDisplayed | Remark::NotClosed => {
            return None;
        }
    })
}
