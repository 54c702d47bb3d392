//! How a part answered: what its Bundle counts, and the `OperationOutcome` in it.

use super::ica::codings;
use super::tree::Node;
use super::view::{Resource, View};
use crate::readers::scrub::{scrub_code, ura_in};
use crate::readers::{PartOutcome, Profile};

/// Issue codes that stand for data that exist and are not given, whoever wished so.
const SUPPRESSED: &str = "suppressed";

/// One issue of an `OperationOutcome`, as far as it tells how the part answered.
struct Issue {
    is_error: bool,
    code: String,
    organisation_ura: Option<String>,
}

/// How the part answered, by what may be seen of it.
pub(super) fn outcome_of(view: &View<'_>, profile: &Profile, has_content: bool) -> PartOutcome {
    let mut error = None;
    let mut restricted = false;
    for resource in outcomes(view) {
        for issue in view.named(resource.node, "issue") {
            if is_restriction(view, issue, profile) {
                restricted = true;
                continue;
            }
            let issue = read_issue(view, issue);
            if issue.is_error {
                error.get_or_insert(issue);
            }
        }
    }
    if error.is_none() {
        error = refused_entry(view);
    }
    match error {
        Some(issue) if has_content => PartOutcome::Unknown { code: issue.code },
        Some(issue) => PartOutcome::Refused {
            code: issue.code,
            organisation_ura: issue.organisation_ura,
        },
        None if has_content && remain(view) => PartOutcome::MoreRemaining,
        None if has_content => PartOutcome::Delivered,
        None if restricted => PartOutcome::NothingFound,
        None => without_content(view),
    }
}

/// Every `OperationOutcome` of a part.
pub(super) fn outcomes<'v, 'd>(view: &'v View<'d>) -> impl Iterator<Item = Resource<'d>> + 'v {
    view.resources()
        .iter()
        .copied()
        .filter(|resource| resource.kind == "OperationOutcome")
}

/// Whether an issue stands for a restriction by the patient: it looks exactly like nothing found.
pub(super) fn is_restriction(view: &View<'_>, issue: Node, profile: &Profile) -> bool {
    let is = |code: &str| {
        profile
            .restriction_errors
            .iter()
            .any(|known| known.trim().eq_ignore_ascii_case(code.trim()))
    };
    view.peek(issue, "code")
        .is_some_and(|code| code == SUPPRESSED || is(code))
        || codings(view, issue, "details").any(|(_, code)| is(code))
}

fn read_issue(view: &View<'_>, issue: Node) -> Issue {
    let detailed = codings(view, issue, "details").next().map(|(_, code)| code);
    let code = detailed
        .or_else(|| view.peek(issue, "code"))
        .unwrap_or("unknown");
    let texts = [
        view.at(issue, &["details", "text"])
            .and_then(|text| view.peek_value(text)),
        view.peek(issue, "diagnostics"),
    ];
    Issue {
        // A severity that nobody knows is no success.
        is_error: !matches!(
            view.peek(issue, "severity"),
            Some("information" | "warning" | "success")
        ),
        code: scrub_code(code),
        organisation_ura: texts.into_iter().flatten().find_map(ura_in),
    }
}

/// An entry of a batch that was answered with an error and nothing else.
fn refused_entry(view: &View<'_>) -> Option<Issue> {
    view.named(view.root(), "entry")
        .filter(|entry| view.one(*entry, "resource").is_none())
        .filter_map(|entry| view.peek(view.one(entry, "response")?, "status"))
        .find(|status| status.starts_with(['4', '5']))
        .map(|status| Issue {
            is_error: true,
            code: scrub_code(status.split(' ').next().unwrap_or(status)),
            organisation_ura: None,
        })
}

/// Whether the Bundle says that there is more than it holds. What is withheld counts as arrived: a
/// source that sends it counts it.
fn remain(view: &View<'_>) -> bool {
    let root = view.root();
    let next = view
        .named(root, "link")
        .any(|link| view.peek(link, "relation") == Some("next"));
    let announced = view
        .peek(root, "total")
        .and_then(|total| total.trim().parse::<usize>().ok());
    let arrived = || {
        view.tree
            .children(root)
            .filter(|child| view.name(*child) == "entry")
            .filter(|entry| {
                view.tree
                    .child(*entry, "search")
                    .and_then(|search| view.tree.child_value(search, "mode"))
                    .is_none_or(|mode| mode == "match")
            })
            .count()
    };
    next || announced.is_some_and(|announced| announced > arrived())
}

fn without_content(view: &View<'_>) -> PartOutcome {
    let root = view.root();
    let is_bundle = view.tree.resource_type(root) == Some("Bundle");
    if is_bundle && view.peek(root, "type") != Some("document") {
        return if remain(view) {
            PartOutcome::MoreRemaining
        } else {
            PartOutcome::NothingFound
        };
    }
    PartOutcome::Delivered
}
