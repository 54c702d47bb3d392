//! Fictitious clinicians for training: one PIN for all, shown on the screen.

use inzage_core::domain::user::{Means, Role, User};

use super::Person;

/// Everybody's PIN in training.
pub const PIN: &str = "1234";

/// The people of the training organisations.
#[must_use]
pub fn people() -> Vec<Person> {
    [
        ("t-001", "M. van Dijk", Role::Doctor, "huisarts"),
        ("t-002", "S. Bakker", Role::Doctor, "SEH-arts"),
        (
            "t-003",
            "R. el Amrani",
            Role::Doctor,
            "huisarts in opleiding",
        ),
        ("t-004", "L. Visser", Role::Assistant, "doktersassistent"),
        ("t-005", "J. de Wit", Role::Nurse, "verpleegkundige"),
        ("t-006", "P. Smeets", Role::Pharmacist, "apotheker"),
        (
            "t-007",
            "C. Jacobs",
            Role::PrivacyOfficer,
            "functionaris gegevensbescherming",
        ),
    ]
    .into_iter()
    .map(|(id, name, role, role_name)| Person {
        user: User {
            id: id.to_owned(),
            name: name.to_owned(),
            role,
            role_name: role_name.to_owned(),
            means: Means::Personal,
        },
    })
    .collect()
}
