//! Inzage: a patient's GP summary in acute care, with its consent basis, a
//! prompt to ask about allergies, and a log of every view.

mod apart;

pub mod app;
pub mod cli;
pub mod exchange;
pub mod keychain;
pub mod shell;
pub mod signin;
