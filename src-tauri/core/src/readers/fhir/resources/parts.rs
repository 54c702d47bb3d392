//! The parts of a measurement as named values, for entries of sections that are no measurements.

use crate::domain::coded::Coded;
use crate::domain::summary::clinical::{MeasuredComponent, Quantity};
use crate::domain::summary::document::Detail;
use crate::domain::summary::{MeasuredValue, ReferenceRange};

/// How a value is judged by whoever measured it.
pub(super) fn interpretation(read: Coded) -> Detail {
    Detail::coded("interpretation", read)
}

/// By which method.
pub(super) fn method(read: Coded) -> Detail {
    Detail::coded("method", read)
}

/// A range of reference.
pub(super) fn range(read: ReferenceRange) -> Detail {
    let mut details: Vec<Detail> = [("low", read.low), ("high", read.high)]
        .into_iter()
        .filter_map(|(name, end)| end.map(|end| quantity(name, end)))
        .collect();
    details.extend(read.interpretation.map(|kind| Detail::coded("type", kind)));
    Detail {
        name: "reference_range".to_owned(),
        text: read.text,
        details,
        ..Detail::default()
    }
}

/// A part with a value of its own.
pub(super) fn component(read: MeasuredComponent) -> Detail {
    let mut details = vec![value(read.value)];
    details.extend(read.interpretations.into_iter().map(interpretation));
    details.extend(read.reference_ranges.into_iter().map(range));
    details.extend(read.details);
    Detail {
        name: "component".to_owned(),
        coded: (!read.what.is_empty()).then(|| Box::new(read.what)),
        details,
        ..Detail::default()
    }
}

fn value(read: MeasuredValue) -> Detail {
    let mut detail = Detail {
        name: "value".to_owned(),
        ..Detail::default()
    };
    match read {
        MeasuredValue::Quantity(read) => detail.quantity = Some(Box::new(read)),
        MeasuredValue::Text { text } => detail.text = Some(text),
        MeasuredValue::Coded(read) => detail.coded = Some(Box::new(read)),
        MeasuredValue::Range(read) => detail.details.push(range(*read)),
        MeasuredValue::Boolean { value } => detail.text = Some(value),
        MeasuredValue::Time(read) => detail.period = Some(Box::new(read)),
        MeasuredValue::None { null_flavor } => {
            detail.coded = null_flavor.map(|reason| {
                Box::new(Coded {
                    null_flavor: Some(reason),
                    ..Coded::default()
                })
            });
        }
    }
    detail
}

fn quantity(name: &str, read: Quantity) -> Detail {
    Detail {
        name: name.to_owned(),
        quantity: Some(Box::new(read)),
        ..Detail::default()
    }
}
