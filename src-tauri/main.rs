//! The program: hardens itself, then opens the window or runs a terminal command.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

use clap::Parser;
use inzage::{cli, shell};

/// Memory that is given back is zeroed: what a locked screen showed must not stay behind.
#[global_allocator]
static ZEROING: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let asked_for = !error.use_stderr();
            // Nothing is left to tell when the terminal is gone.
            let _gone = error.print();
            return if asked_for {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(cli::WRONG_USAGE)
            };
        }
    };
    if let Some(code) = cli::run(&cli) {
        return code;
    }
    shell::harden::keep_panics_silent();
    if let Err(error) = shell::harden::harden() {
        eprintln!("inzage: this process cannot be protected: {error}");
        return ExitCode::FAILURE;
    }
    match shell::run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("inzage: {error}");
            ExitCode::FAILURE
        }
    }
}
