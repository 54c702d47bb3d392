//! The only module that uses tauri: windows, kiosk, commands, hardening.
//!
//! **Architecture Invariant:** it wires and decides nothing. What may be seen is
//! decided in the core, what is shown is handed over by the app.

mod commands;
pub mod harden;
mod window;

use std::sync::Arc;
use std::time::Duration;

use inzage_core::domain::event::{CloseCause, LockCause};
use tauri::{Manager, RunEvent, WindowEvent};
use tokio::sync::broadcast::error::RecvError;

use crate::app::App;
use crate::app::contract::Notice;
use crate::app::ports::SystemClock;
use crate::app::start::Running;
use crate::cli::Cli;
pub(crate) use window::Windows;

/// How often the idle time is looked at: the warning counts seconds.
const IDLE_LOOK_EVERY: Duration = Duration::from_secs(1);

/// Opens the window and runs until it is closed.
///
/// # Errors
/// In words, when the configuration cannot be used or no window can be opened.
pub fn run(cli: &Cli) -> Result<(), String> {
    let mut config = cli.place.configuration()?;
    if cli.kiosk {
        config.enter_kiosk();
    }
    #[cfg(feature = "e2e")]
    shorten_idle(&mut config);
    let folders = cli.place.folders()?;
    let kiosk = config.kiosk;
    let (people, pin) = sign_in_means();
    let app = Arc::new(App::new(config, Arc::new(SystemClock), people, pin));
    let built = tauri::Builder::default()
        .manage(Arc::clone(&app))
        .manage(Windows::new(kiosk))
        .invoke_handler(commands::handler())
        .setup(move |handle| {
            let windows = handle.state::<Windows>();
            windows.open(handle.handle())?;
            let handle = handle.handle().clone();
            let app = Arc::clone(handle.state::<Arc<App>>().inner());
            tauri::async_runtime::spawn(follow_idle(handle.clone(), Arc::clone(&app)));
            tauri::async_runtime::spawn(follow_notices(handle.clone(), Arc::clone(&app)));
            tauri::async_runtime::spawn(async move {
                let running = app.start(&folders).await;
                handle.manage(std::sync::Mutex::new(running));
            });
            Ok(())
        })
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event
                && window.state::<Windows>().holds()
            {
                api.prevent_close();
            }
        })
        .build(tauri::generate_context!())
        .map_err(|error| format!("no window can be opened: {error}"))?;
    built.run(|handle, event| {
        if let RunEvent::Exit = event {
            let app = Arc::clone(handle.state::<Arc<App>>().inner());
            tauri::async_runtime::block_on(app.end());
            if let Some(running) = handle.try_state::<std::sync::Mutex<Running>>()
                && let Ok(mut running) = running.lock()
            {
                *running = Running::default();
            }
        }
    });
    Ok(())
}

/// A test does not wait two minutes. Only the build that tests drive has this.
#[cfg(feature = "e2e")]
fn shorten_idle(config: &mut crate::app::config::Config) {
    let stated = std::env::var("INZAGE_E2E_IDLE_S").ok();
    if let Some(seconds) = stated.and_then(|text| text.parse().ok()) {
        config.idle_s = seconds;
    }
}

#[cfg(feature = "training")]
fn sign_in_means() -> (Vec<crate::signin::Person>, Option<&'static str>) {
    (
        crate::signin::training::people(),
        Some(crate::signin::training::PIN),
    )
}

#[cfg(not(feature = "training"))]
const fn sign_in_means() -> (Vec<crate::signin::Person>, Option<&'static str>) {
    (Vec::new(), None)
}

/// Locks when nobody did anything; the window follows.
async fn follow_idle(handle: tauri::AppHandle, app: Arc<App>) {
    let mut ticks = tokio::time::interval(IDLE_LOOK_EVERY);
    loop {
        ticks.tick().await;
        if app.look_at_idle().await {
            window::swap(&handle);
        }
    }
}

/// A summary that the app closed is gone from the page's process too: a fresh page explains why.
async fn follow_notices(handle: tauri::AppHandle, app: Arc<App>) {
    let mut notices = app.notices();
    loop {
        match notices.recv().await {
            Ok(Notice::ViewClosed { cause, .. }) => {
                if cause == CloseCause::LogFailed {
                    app.lock(LockCause::LogFailed).await;
                }
                window::swap(&handle);
            }
            Ok(_) => {}
            // What was missed may have been a closing: no page outlives its summary.
            Err(RecvError::Lagged(_)) => {
                if !app.has_open_view().await {
                    window::swap(&handle);
                }
            }
            Err(RecvError::Closed) => return,
        }
    }
}
