//! Who may sign in here, and by what means.

#[cfg(feature = "training")]
pub mod training;

use inzage_core::domain::user::User;

/// Someone who can sign in at this workstation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who they are and what they may do.
    pub user: User,
}
