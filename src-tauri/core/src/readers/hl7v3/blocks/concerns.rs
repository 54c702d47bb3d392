//! Reads concerns: what a GP calls an episode, with the problems it is about.

use super::entry::{
    concern_code, expected_code, further, id_details, is_of_type, is_withdrawn, period_detail,
    relate, related, told_status,
};
use super::who::people;
use crate::domain::summary::{Detail, Episode};
use crate::readers::hl7v3::episodes::is_closed;
use crate::readers::hl7v3::people::asserted;
use crate::readers::hl7v3::reading::Reading;
use crate::readers::hl7v3::references::Target;
use crate::readers::hl7v3::types::{child_coded, child_period, child_text, coded, ids, status};
use crate::readers::hl7v3::view::{Node, View};

/// SNOMED CT "Diagnosis": it says nothing more than the place does.
const DIAGNOSIS: [&str; 1] = ["282291009"];

/// One concern, or a problem that stands alone.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, component: Node<'d>, act: Node<'d>) -> bool {
    let view = reading.view;
    if !asserted(view, act) {
        return false;
    }
    let mut episode = Episode {
        key: reading.key(b'e'),
        source: view.source().to_owned(),
        ..Episode::default()
    };
    if act.tag_name().name() == "observation" {
        problem(view, act, &mut episode);
        episode.ids.clone_from(&episode.problem_ids);
        episode.title = episode.problem_text.take();
    } else {
        concern(view, act, &mut episode);
    }
    episode.author = episode.author.take().or_else(|| reading.context(component));
    let at = reading.record.episodes.len();
    reading.register(act, &episode.ids, &episode.key, Target::Episode(at));
    reading.record.episodes.push(episode);
    true
}

fn concern<'d>(view: &View<'d>, act: Node<'d>, episode: &mut Episode) {
    view.visit(act);
    concern_code(view, act);
    episode.ids = ids(view, act);
    episode.title = child_text(view, act, "text");
    episode.status = status(view, act);
    episode.period = child_period(view, act, "effectiveTime");
    episode.closed =
        episode.period.high.is_some() || episode.status.as_deref().is_some_and(is_closed);
    episode.withdrawn = is_withdrawn(episode.status.as_deref());
    episode.author = people(view, act, &mut episode.details);
    further(view, act, &mut episode.details);
    for (relationship, target) in related(view, act) {
        let is_problem = is_of_type(relationship, "SUBJ")
            && target.tag_name().name() == "observation"
            && asserted(view, target);
        if is_problem {
            view.visit(relationship);
            problem(view, target, episode);
        } else {
            let Episode {
                references,
                details,
                ..
            } = episode;
            relate(view, relationship, target, references, details);
        }
    }
}

/// The first problem is what the concern is about; each further one, and one that was entered in
/// error, is told by name.
fn problem<'d>(view: &View<'d>, act: Node<'d>, episode: &mut Episode) {
    view.visit(act);
    let kind = (!expected_code(view, act, &DIAGNOSIS))
        .then(|| child_coded(view, act, "code"))
        .flatten();
    let withdrawn = act
        .children()
        .find(|child| child.has_tag_name((crate::readers::hl7v3::view::HL7, "statusCode")))
        .is_some_and(|status| is_withdrawn(status.attribute("code")));
    let state = told_status(view, act);
    let period = child_period(view, act, "effectiveTime");
    let own_ids = ids(view, act);
    let text = child_text(view, act, "text");
    let mut values = view.named(act, "value").map(|value| coded(view, value));
    let first = values.next();
    let mut more: Vec<Detail> = values.map(|value| Detail::coded("value", value)).collect();
    more.extend(kind.map(|kind| Detail::coded("problem_kind", kind)));
    more.extend(state.map(|status| Detail::text("problem_status", status)));
    if !period.is_empty() {
        more.push(period_detail("problem_period", period));
    }
    let author = people(view, act, &mut more);
    more.extend(author.map(|author| super::who::person("problem_author", &author)));
    further(view, act, &mut more);
    for (relationship, target) in related(view, act) {
        relate(
            view,
            relationship,
            target,
            &mut episode.references,
            &mut more,
        );
    }
    let has_one = episode.problem.is_some() || !episode.problem_ids.is_empty();
    if has_one || withdrawn {
        more.extend(id_details(&own_ids));
        let name = if withdrawn {
            "withdrawn_problem"
        } else {
            "problem"
        };
        episode.details.push(Detail {
            name: name.to_owned(),
            coded: first.map(Box::new),
            text,
            details: more,
            ..Detail::default()
        });
    } else {
        episode.problem = first.filter(|value| !value.is_empty());
        episode.problem_ids = own_ids;
        episode.problem_text = text.filter(|text| episode.title.as_ref() != Some(text));
        episode.details.extend(more);
    }
}
