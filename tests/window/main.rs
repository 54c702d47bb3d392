//! The built app in a real WebKitGTK window, driven by WebKitWebDriver, against the
//! running training exchange. Needs the build with the feature `e2e` (`make test` makes it).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod driver;
mod paths;
