//! When and how often: IVL_TS, PIVL_TS in HL7's and in the Dutch form, SXPR_TS put together from them.

use super::types::{coded, date, period, quantity};
use super::view::{Node, View, type_of};
use crate::domain::date::Period;
use crate::domain::summary::Detail;
use crate::domain::summary::clinical::Quantity;

/// What an `effectiveTime` says, each in the form given: nothing is computed.
#[derive(Default)]
pub(super) struct Timing {
    /// Start, end or moment.
    pub(super) period: Period,
    /// Repetition (`every 0.5 d`).
    pub(super) repeats: Vec<Quantity>,
    /// How long, how often, in which phase, at which event.
    pub(super) details: Vec<Detail>,
}

/// Every `effectiveTime` of an act together.
pub(super) fn timing<'d>(view: &View<'d>, of: Node<'d>) -> Timing {
    let mut read = Timing::default();
    for time in view.named(of, "effectiveTime") {
        read.add(view, time);
    }
    read
}

/// A named quantity.
pub(super) fn measured_detail(name: &str, quantity: Quantity) -> Detail {
    Detail {
        name: name.to_owned(),
        quantity: Some(Box::new(quantity)),
        ..Detail::default()
    }
}

impl Timing {
    fn add<'d>(&mut self, view: &View<'d>, time: Node<'d>) {
        match type_of(time) {
            Some("PIVL_TS") => self.add_repetition(view, time),
            Some("EIVL_TS") => self.add_event(view, time),
            _ => self.add_interval(view, time),
        }
        for comp in view
            .children(time)
            .filter(|child| child.tag_name().name() == "comp")
        {
            view.visit(comp);
            self.add(view, comp);
        }
    }

    fn add_interval<'d>(&mut self, view: &View<'d>, time: Node<'d>) {
        let says = ["low", "high"]
            .iter()
            .any(|bound| view.peek(time, bound).is_some())
            || time.attribute("value").is_some()
            || time.attribute("nullFlavor").is_some();
        if says && self.period.is_empty() {
            self.period = period(view, time);
        } else if says {
            self.details.push(Detail {
                name: "period".to_owned(),
                period: Some(Box::new(period(view, time))),
                ..Detail::default()
            });
        }
        let widths = view.named(time, "width");
        self.details
            .extend(widths.map(|width| measured_detail("duration", quantity(view, width))));
    }

    fn add_repetition<'d>(&mut self, view: &View<'d>, time: Node<'d>) {
        let periods = view.extended(time, "period");
        self.repeats
            .extend(periods.map(|period| quantity(view, period)));
        for each in view.extended(time, "frequency") {
            self.details.push(ratio(view, each, "frequency"));
        }
        for each in view.extended(time, "count") {
            self.details.push(counted(view, each, "count"));
        }
        for each in view.extended(time, "phase") {
            let read = Period {
                at: date(view, each, "value"),
                low: view
                    .extended(each, "low")
                    .find_map(|low| date(view, low, "value")),
                high: view
                    .extended(each, "high")
                    .find_map(|high| date(view, high, "value")),
                null_flavor: view.null_flavor(each),
            };
            let widths = view.extended(each, "width");
            self.details.push(Detail {
                name: "phase".to_owned(),
                period: (!read.is_empty()).then(|| Box::new(read)),
                details: widths
                    .map(|width| measured_detail("duration", quantity(view, width)))
                    .collect(),
                ..Detail::default()
            });
        }
        for name in ["alignment", "isFlexible"] {
            if let Some(value) = view.shown(time, name) {
                let told = if name == "alignment" {
                    name
                } else {
                    "flexible"
                };
                self.details.push(Detail::text(told, value));
            }
        }
    }

    fn add_event<'d>(&mut self, view: &View<'d>, time: Node<'d>) {
        for event in view.extended(time, "event") {
            self.details
                .push(Detail::coded("event", coded(view, event)));
        }
        for offset in view.extended(time, "offset") {
            for (bound, name) in [("low", "offset"), ("width", "duration")] {
                for each in view.extended(offset, bound) {
                    self.details
                        .push(measured_detail(name, quantity(view, each)));
                }
            }
        }
    }
}

/// A numerator per denominator.
pub(super) fn ratio<'d>(view: &View<'d>, of: Node<'d>, name: &'static str) -> Detail {
    let mut read = view
        .extended(of, "numerator")
        .next()
        .map(|numerator| counted(view, numerator, name))
        .unwrap_or_else(|| Detail {
            name: name.to_owned(),
            ..Detail::default()
        });
    for denominator in view.extended(of, "denominator") {
        read.details.push(counted(view, denominator, "per"));
    }
    view.null_flavor(of);
    read
}

/// A quantity, or the range in which it is uncertain.
pub(super) fn counted<'d>(view: &View<'d>, of: Node<'d>, name: &'static str) -> Detail {
    let own = quantity(view, of);
    let mut details = Vec::new();
    for holder in view.extended(of, "uncertainRange").chain([of]) {
        for (bound, told) in [("low", "minimum"), ("center", "usual"), ("high", "maximum")] {
            for each in view.extended(holder, bound) {
                details.push(measured_detail(told, quantity(view, each)));
            }
        }
    }
    Detail {
        name: name.to_owned(),
        quantity: (own != Quantity::default()).then(|| Box::new(own)),
        details,
        ..Detail::default()
    }
}
