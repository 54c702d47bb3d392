//! Reads allergies and intolerances: a concern with an observation for each, with its agent, its
//! reactions and who told it.

use super::entry::{
    concern_code, further, is_of_type, is_withdrawn, period_detail, relate, related,
};
use super::who::{agents, people, person};
use crate::domain::person::Author;
use crate::domain::state::StatementKind;
use crate::domain::summary::{Detail, Statement};
use crate::readers::hl7v3::ica::{is_of_thesaurus_40, is_statement};
use crate::readers::hl7v3::people::{asserted, conducted};
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
        view.visit(component);
        let understood =
            statement.1.kind == StatementKind::NoneKnown && view.is_understood(component, act);
        push(reading, component, understood, act, statement);
        return true;
    }
    let all = related(view, act);
    let is_one = |(holder, target): &(Node<'d>, Node<'d>)| {
        is_of_type(*holder, "SUBJ") && target.tag_name().name() == "observation"
    };
    if !asserted(view, act) || !all.iter().any(is_one) {
        return false;
    }
    let status = view
        .peek(act, "statusCode")
        .map(|status| status.attribute("code"));
    let withdrawn = status.is_some_and(is_withdrawn);
    // A concern that is over, or not going on, leaves what it held in doubt where that was nothing.
    let says_more = !all.iter().all(is_one)
        || view.peek(act, "text").is_some()
        || statements::has_end(act)
        || status.is_some_and(|status| status != Some("active"));
    let mut read = Vec::new();
    for (holder, target) in all.iter().copied().filter(|each| is_one(each)) {
        view.visit(holder);
        let beside = Beside {
            more: says_more,
            withdrawn,
            ..Beside::default()
        };
        let statement = observation(reading, component, target, beside);
        read.push((holder, target, statement));
    }
    view.visit(component);
    let concern = Concern::read(view, act, &all, is_one);
    let mut statements = read.iter_mut().map(|(_, _, (_, statement))| statement);
    if let Some(first) = statements.next() {
        concern.add_to(first);
    }
    let conducted = conducted(concern.author.as_ref(), None);
    for statement in statements.filter(|statement| is_unsigned(statement)) {
        statement.author = conducted.clone().or(statement.author.take());
    }
    let has_none = read
        .iter()
        .any(|(_, _, (_, statement))| statement.kind == StatementKind::NoneKnown);
    let understood = has_none && view.is_understood(component, act);
    for (holder, target, statement) in read {
        push(reading, holder, understood, target, statement);
    }
    true
}

/// Whether nobody signed a statement itself.
fn is_unsigned(statement: &Statement) -> bool {
    statement.author.as_ref().is_none_or(|own| own.conducted)
}

/// What a concern says of its observations: told with the first of them, so that a concern with many
/// does not become as many times itself.
struct Concern {
    ids: Vec<crate::domain::coded::Identifier>,
    author: Option<Author>,
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
        if is_unsigned(statement) {
            statement.author = Some(Author {
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
    holder: Node<'d>,
    understood: bool,
    act: Node<'d>,
    (section, mut statement): (Section, Statement),
) {
    let own_ids: Vec<_> = statement.ids.first().cloned().into_iter().collect();
    statements::weaken(reading.view, holder, act, &mut statement);
    if statement.kind == StatementKind::NoneKnown && (!understood || holds_statements(act)) {
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
