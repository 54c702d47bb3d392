//! The build as shipped (release, default features, without `e2e`), used as a person uses
//! it: keys on a keyboard, nothing else. `make app-product` makes it.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod automation;
mod look_up;
mod ordinary_user;
mod packaged;
mod process;
mod product;
mod traces;
