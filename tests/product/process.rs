//! What the operating system says of the running product.

use std::process::Stdio;

use crate::product::{Account, Product, wait_until};

/// The process and everything it started, directly or not.
pub fn descendants(root: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|id| Some((id, parent_of(id)?)))
        .collect();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(
            parents
                .iter()
                .filter(|(_, of)| *of == parent)
                .map(|(id, _)| *id),
        );
        next += 1;
    }
    found
}

fn parent_of(id: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name, in brackets, may hold anything.
    stat.rsplit_once(')')?
        .1
        .split_whitespace()
        .nth(1)?
        .parse()
        .ok()
}

pub fn name_of(id: u32) -> String {
    let link = std::fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
    link.trim().to_owned()
}

#[test]
fn no_process_of_it_dumps_core_and_its_own_memory_is_closed_to_others() {
    let account = Account::new();
    let product = Product::start(&account);
    let all = descendants(product.id());
    assert!(
        all.len() >= 3,
        "the app, its page and its exchange run: {all:?}"
    );
    for id in &all {
        let limits = std::fs::read_to_string(format!("/proc/{id}/limits")).unwrap();
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"))
            .unwrap();
        let sizes: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
        assert_eq!(sizes, ["0", "0"], "{} dumps no core", name_of(*id));
    }

    let mut other = account.unprivileged("sleep").arg("60").spawn().unwrap();
    let ordinary = wait_until(|| may_be_read(&account, other.id()));
    let _ended = other.kill();
    let _ended = other.wait();
    assert!(
        ordinary,
        "this test can look into an ordinary process of the same account"
    );
    assert!(
        !may_be_read(&account, product.id()),
        "but not into the product"
    );
    assert!(product.close().success());
}

/// Whether another process of the same account may look into this one: the kernel asks
/// the same question for a debugger.
fn may_be_read(account: &Account, id: u32) -> bool {
    let mut look = account.unprivileged("cat");
    look.arg(format!("/proc/{id}/environ"))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    look.status().unwrap().success()
}
