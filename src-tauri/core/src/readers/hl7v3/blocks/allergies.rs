//! Reads allergies and intolerances: a concern with an observation for each, with its agent, its
//! reactions and who told it.

use super::entry::{
    concern_code, further, is_of_type, is_withdrawn, period_detail, relate, related,
};
use super::who::{agents, people, person};
use crate::domain::state::StatementKind;
use crate::domain::summary::{Detail, Statement};
use crate::readers::hl7v3::ica::{is_of_thesaurus_40, is_statement};
use crate::readers::hl7v3::people::asserted;
use crate::readers::hl7v3::reading::Reading;
use crate::readers::hl7v3::references::Target;
use crate::readers::hl7v3::statements::{self, Beside};
use crate::readers::hl7v3::types::{child_period, child_text, ids, status};
use crate::readers::hl7v3::view::{Node, View};
use crate::readers::kinds::Section;

/// One component: a concern with its observations, or an observation alone.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, component: Node<'d>, act: Node<'d>) -> bool {
    let view = reading.view;
    if act.tag_name().name() == "observation" {
        let statement = observation(reading, component, act, Beside::default());
        push(reading, component, component, act, act, statement);
        return true;
    }
    let all = related(view, act);
    let is_one = |(holder, target): &(Node<'d>, Node<'d>)| {
        is_of_type(*holder, "SUBJ") && target.tag_name().name() == "observation"
    };
    if !asserted(view, act) || !all.iter().any(is_one) {
        return false;
    }
    let says_more = !all.iter().all(is_one) || view.peek(act, "text").is_some();
    let mut read = Vec::new();
    for (holder, target) in all.iter().copied().filter(|each| is_one(each)) {
        view.visit(holder);
        let withdrawn = view
            .peek(act, "statusCode")
            .is_some_and(|status| is_withdrawn(status.attribute("code")));
        let beside = Beside {
            more: says_more,
            withdrawn,
            ..Beside::default()
        };
        let statement = observation(reading, component, target, beside);
        read.push((holder, target, statement));
    }
    let concern = Concern::read(view, act, &all, is_one);
    for (_, _, (_, statement)) in &mut read {
        concern.add_to(statement);
    }
    for (holder, target, statement) in read {
        push(reading, component, holder, act, target, statement);
    }
    true
}

/// What a concern says of all its observations.
struct Concern {
    ids: Vec<crate::domain::coded::Identifier>,
    author: Option<crate::domain::person::Author>,
    details: Vec<Detail>,
    references: Vec<crate::domain::summary::LineReference>,
}

impl Concern {
    fn read<'d>(
        view: &View<'d>,
        act: Node<'d>,
        related: &[(Node<'d>, Node<'d>)],
        is_one: impl Fn(&(Node<'d>, Node<'d>)) -> bool,
    ) -> Self {
        view.visit(act);
        concern_code(view, act);
        let mut concern = Self {
            ids: ids(view, act),
            author: None,
            details: Vec::new(),
            references: Vec::new(),
        };
        if let Some(status) = status(view, act) {
            concern.details.push(Detail::text("concern_status", status));
        }
        let period = child_period(view, act, "effectiveTime");
        if !period.is_empty() {
            concern
                .details
                .push(period_detail("concern_period", period));
        }
        let text = child_text(view, act, "text");
        concern
            .details
            .extend(text.map(|text| Detail::text("concern_text", text)));
        concern.author = people(view, act, &mut concern.details);
        further(view, act, &mut concern.details);
        for each in related.iter().filter(|each| !is_one(each)) {
            relate(
                view,
                each.0,
                each.1,
                &mut concern.references,
                &mut concern.details,
            );
        }
        concern
    }

    /// Who wrote the concern stands for an observation without an author of its own.
    fn add_to(&self, statement: &mut Statement) {
        statement.ids.extend(self.ids.iter().cloned());
        statement.details.extend(self.details.iter().cloned());
        statement.references.extend(self.references.iter().cloned());
        let Some(author) = &self.author else { return };
        if statement.author.as_ref().is_none_or(|own| own.conducted) {
            statement.author = Some(crate::domain::person::Author {
                conducted: true,
                ..author.clone()
            });
        } else {
            statement.details.push(person("concern_author", author));
        }
    }
}

fn observation<'d>(
    reading: &mut Reading<'_, 'd>,
    component: Node<'d>,
    act: Node<'d>,
    beside: Beside,
) -> (Section, Statement) {
    let view = reading.view;
    let contra = act.descendants().any(is_of_thesaurus_40);
    let (section, letter) = if contra {
        (Section::ContraIndications, b'x')
    } else {
        (Section::Allergies, b'i')
    };
    let key = reading.key(letter);
    let context = reading.context(component);
    let beside = Beside {
        agents: agents(view, act),
        ..beside
    };
    let mut statement = statements::statement_with(view, act, section, key, context, beside);
    concerned(view, act, &mut statement);
    (section, statement)
}

/// What belongs to a statement: people, who told it, reactions, severity, references.
pub(super) fn concerned<'d>(view: &View<'d>, act: Node<'d>, statement: &mut Statement) {
    let own = people(view, act, &mut statement.details);
    if own.is_some() {
        statement.author = own;
    }
    further(view, act, &mut statement.details);
    for (holder, target) in related(view, act) {
        let Statement {
            references,
            details,
            ..
        } = statement;
        relate(view, holder, target, references, details);
    }
}

/// Files a statement once everything around it was read: an absence must be understood whole.
fn push<'d>(
    reading: &mut Reading<'_, 'd>,
    component: Node<'d>,
    holder: Node<'d>,
    concern: Node<'d>,
    act: Node<'d>,
    (section, mut statement): (Section, Statement),
) {
    let view = reading.view;
    view.visit(component);
    let own_ids: Vec<_> = statement.ids.first().cloned().into_iter().collect();
    statements::weaken(view, holder, act, &mut statement);
    let whole = view.is_understood(component, concern) && !holds_statements(act);
    if statement.kind == StatementKind::NoneKnown && !whole {
        statement.kind = StatementKind::NoInformation;
    }
    reading.register(act, &own_ids, &statement.key, Target::Other);
    if section == Section::ContraIndications {
        reading.record.contraindications.push(statement);
    } else {
        reading.record.allergies.push(statement);
    }
}

/// Whether something else is stated within an observation (a reaction, a remark).
fn holds_statements(act: Node<'_>) -> bool {
    act.descendants()
        .skip(1)
        .any(|node| node.is_element() && is_statement(node))
}
