//! `docs/consent-decision.md`, made from the rules themselves.
//!
//! `INZAGE_GENERATE=1 cargo nextest run -p inzage-core generated` writes it; without the
//! variable the same tests fail when the file is not what the rules say.

mod ask;
mod decision;
pub(crate) mod file;

const INTRODUCTION: &str = "\
# The consent decision

Two decisions stand between a doctor and another practice's record. *May this be asked?* is taken
before anything is sent; *may this be shown?* is taken for each source of the answer on its own, and
again whenever something changes while a summary is open. Both are lists of rules in a fixed order:
the first rule that forbids gives the reason, which goes to the screen and to the view log under the
code named here. What no rule forbids is permitted.

For the privacy officer: this page is made from the rules that the program runs, by
`INZAGE_GENERATE=1 cargo nextest run -p inzage-core generated`. A test fails when the two differ. What
the organisation itself decides is marked *house rule* or *configuration*.
";

#[test]
fn the_generated_consent_decision_is_up_to_date() {
    let text = [INTRODUCTION.to_owned(), ask::chapter(), decision::chapter()].join("\n");
    file::write_or_compare("consent-decision.md", &text);
}
