//! The window: one at a time. Locking makes a fresh one and destroys the old, which
//! ends the process that showed the summary.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// Which window is open, and whether it may be closed.
pub(crate) struct Windows {
    kiosk: bool,
    released: AtomicBool,
    count: AtomicU32,
    /// One replacement at a time: two at once would leave two windows.
    swapping: Mutex<()>,
}

impl Windows {
    pub(crate) const fn new(kiosk: bool) -> Self {
        Self {
            kiosk,
            released: AtomicBool::new(false),
            count: AtomicU32::new(0),
            swapping: Mutex::new(()),
        }
    }

    /// Whether the window holds on: kiosk, and no supervisor let go.
    pub(crate) fn holds(&self) -> bool {
        self.kiosk && !self.released.load(Ordering::SeqCst)
    }

    /// A supervisor lets go.
    pub(crate) fn release(&self) {
        self.released.store(true, Ordering::SeqCst);
    }

    /// Opens the next window.
    pub(crate) fn open(&self, handle: &AppHandle) -> tauri::Result<WebviewWindow> {
        let number = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        let mut builder = WebviewWindowBuilder::new(handle, format!("page-{number}"), WebviewUrl::App("index.html".into()))
            .title("Inzage")
            .inner_size(1366.0, 768.0)
            .min_inner_size(640.0, 480.0)
            .center()
            // No web cache, no history; and automation is refused in such a window.
            // Only the build that tests drive (feature `e2e`) does without.
            .incognito(!cfg!(feature = "e2e"))
            .devtools(false)
            .general_autofill_enabled(false)
            .on_navigation(|url| is_ours(url.scheme(), url.host_str(), url.port()))
            .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
            .on_download(|_, _| false);
        if self.kiosk {
            builder = builder
                .fullscreen(true)
                .always_on_top(true)
                .closable(false)
                .minimizable(false)
                // Elsewhere they are kept: without them a screen reader falls silent on Windows.
                // On Linux the session's only window would keep a title bar.
                .decorations(!cfg!(target_os = "linux"));
        }
        let window = builder.build()?;
        watch(&window)?;
        Ok(window)
    }
}

/// Opens a fresh page and destroys every other one.
pub(crate) fn swap(handle: &AppHandle) {
    let windows = handle.state::<Windows>();
    let _one_at_a_time = windows
        .swapping
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    // Without a fresh page nothing may stay on the old one either.
    let fresh = windows.open(handle).ok();
    let keep = fresh.as_ref().map(WebviewWindow::label);
    for (label, window) in handle.webview_windows() {
        if Some(label.as_str()) != keep {
            // One that is gone already needs no ending.
            let _gone = window.destroy();
        }
    }
}

/// Only the app's own page is ever navigated to.
#[cfg(not(any(windows, target_os = "android")))]
fn is_ours(scheme: &str, host: Option<&str>, _port: Option<u16>) -> bool {
    scheme == "tauri" && host == Some("localhost")
}

/// Only the app's own page is ever navigated to.
#[cfg(any(windows, target_os = "android"))]
fn is_ours(scheme: &str, host: Option<&str>, port: Option<u16>) -> bool {
    matches!(scheme, "http" | "https") && host == Some("tauri.localhost") && port.is_none()
}

#[cfg(target_os = "linux")]
fn watch(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::WebViewExt;

    let handle = window.app_handle().clone();
    let label = window.label().to_owned();
    window.with_webview(move |webview| {
        let view = webview.inner();
        // No context menu: it offers reload, copy and worse.
        view.connect_context_menu(|_, _, _, _| true);
        view.connect_print(|_, _| true);
        view.connect_web_process_terminated(move |_, _| {
            let (handle, label) = (handle.clone(), label.clone());
            tauri::async_runtime::spawn(screen_died(handle, label));
        });
    })
}

#[cfg(not(target_os = "linux"))]
fn watch(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// A dead page is a frozen window that still shows the last patient: lock and make it anew.
#[cfg(target_os = "linux")]
async fn screen_died(handle: AppHandle, label: String) {
    use std::sync::Arc;

    use inzage_core::domain::event::LockCause;

    // A page that was destroyed on purpose is no longer among the windows.
    if handle.get_webview_window(&label).is_none() {
        return;
    }
    let app = Arc::clone(handle.state::<Arc<crate::app::App>>().inner());
    app.lock(LockCause::ScreenDied).await;
    swap(&handle);
}
