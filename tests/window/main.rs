//! The built app in a real WebKitGTK window, driven by WebKitWebDriver, against the
//! running training exchange. Needs the build with the feature `e2e` (`make test` makes it).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod access;
mod answers;
mod bridge;
mod corona;
mod driver;
mod formats;
mod killed;
mod kiosk;
mod lock;
mod measure;
mod memory;
mod overview;
mod paths;
mod processes;
mod scan;
mod tour;
