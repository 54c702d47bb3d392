//! Every command a page may call; `permissions/page.toml` allows exactly these.

use std::sync::Arc;

use inzage_core::domain::event::LockCause;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State, Wry};
use tokio::sync::broadcast::error::RecvError;

use super::window::{Windows, swap};
use crate::app::App;
use crate::app::contract::{
    AnswerRequest, AnswerResult, Bootstrap, BsnCheck, LogView, LookUpRequest, LookUpResult, Notice,
    ObjectionRequest, OverviewRequest, OverviewResult, PracticePatient, Recorded, SignInRequest,
    SignInResult, SuspicionRequest, Trouble,
};

/// The one list: a name here becomes a command, and a test holds the permission file to it.
macro_rules! commands {
    ($($name:ident),+ $(,)?) => {
        /// Names of all commands.
        #[cfg(test)]
        pub(super) const NAMES: &[&str] = &[$(stringify!($name)),+];

        /// The handler of all commands.
        pub(super) fn handler() -> impl Fn(tauri::ipc::Invoke<Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),+]
        }
    };
}

commands![
    bootstrap,
    listen,
    sign_in,
    practice_patients,
    check_bsn,
    look_up,
    cancel,
    cancel_source,
    object,
    painted,
    answer_ask,
    change_suspicion,
    close_view,
    lock,
    sign_out,
    still_here,
    leave_kiosk,
    open_log,
    open_key,
    overview,
];

type TheApp<'a> = State<'a, Arc<App>>;
/// Commands fail in their own result types; this is what the bridge asks for besides.
type Never<T> = Result<T, ()>;

#[tauri::command]
async fn bootstrap(app: TheApp<'_>) -> Never<Bootstrap> {
    Ok(app.bootstrap().await)
}

#[tauri::command]
#[allow(
    clippy::needless_pass_by_value,
    reason = "the command macro hands over by value"
)]
fn listen(app: TheApp<'_>, channel: Channel<Notice>) {
    let mut notices = app.notices();
    tauri::async_runtime::spawn(async move {
        loop {
            match notices.recv().await {
                // A page that is gone hears nothing more.
                Ok(notice) => {
                    if channel.send(notice).is_err() {
                        return;
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    });
}

#[tauri::command]
async fn sign_in(app: TheApp<'_>, request: SignInRequest) -> Never<SignInResult> {
    Ok(app.sign_in(request).await)
}

#[tauri::command]
async fn practice_patients(app: TheApp<'_>) -> Never<Vec<PracticePatient>> {
    Ok(app.practice_patients().await)
}

#[tauri::command]
async fn check_bsn(app: TheApp<'_>, text: String) -> Never<BsnCheck> {
    Ok(app.check_bsn(&text).await)
}

#[tauri::command]
async fn look_up(app: TheApp<'_>, request: LookUpRequest) -> Never<LookUpResult> {
    Ok(app.look_up(request).await)
}

#[tauri::command]
async fn cancel(app: TheApp<'_>, request_id: String) -> Never<()> {
    app.cancel(&request_id).await;
    Ok(())
}

#[tauri::command]
async fn cancel_source(app: TheApp<'_>, request_id: String, key: String) -> Never<()> {
    app.cancel_source(&request_id, &key).await;
    Ok(())
}

#[tauri::command]
async fn object(app: TheApp<'_>, request: ObjectionRequest) -> Never<Recorded> {
    Ok(app.object(request).await)
}

#[tauri::command]
async fn painted(app: TheApp<'_>, view_id: String) -> Never<()> {
    app.painted(&view_id).await;
    Ok(())
}

#[tauri::command]
async fn answer_ask(app: TheApp<'_>, request: AnswerRequest) -> Never<AnswerResult> {
    Ok(app.answer_ask(request).await)
}

#[tauri::command]
async fn change_suspicion(app: TheApp<'_>, request: SuspicionRequest) -> Never<Recorded> {
    Ok(app.change_suspicion(request).await)
}

#[tauri::command]
async fn close_view(app: TheApp<'_>, view_id: String) -> Never<()> {
    app.close_view(&view_id).await;
    Ok(())
}

#[tauri::command]
async fn lock(handle: AppHandle, app: TheApp<'_>) -> Never<()> {
    if app.lock(LockCause::User).await {
        swap(&handle);
    }
    Ok(())
}

#[tauri::command]
async fn sign_out(handle: AppHandle, app: TheApp<'_>) -> Never<()> {
    if app.sign_out().await {
        swap(&handle);
    }
    Ok(())
}

#[tauri::command]
async fn still_here(app: TheApp<'_>) -> Never<()> {
    app.still_here().await;
    Ok(())
}

#[tauri::command]
async fn leave_kiosk(handle: AppHandle, app: TheApp<'_>, pin: String) -> Never<Recorded> {
    let left = app.leave_kiosk(&pin).await;
    if matches!(left, Recorded::Done { .. }) {
        handle.state::<Windows>().release();
        handle.exit(0);
    }
    Ok(left)
}

#[tauri::command]
async fn open_log(app: TheApp<'_>) -> Result<LogView, Trouble> {
    app.open_log().await
}

#[tauri::command]
async fn open_key(app: TheApp<'_>, path: String) -> Result<(), Trouble> {
    app.open_key(&path).await
}

#[tauri::command]
async fn overview(app: TheApp<'_>, request: OverviewRequest) -> Never<OverviewResult> {
    Ok(app.overview(request).await)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    #[test]
    fn the_permission_file_allows_exactly_these_commands() {
        let text = include_str!("../permissions/page.toml");
        let file: toml::Table = text.parse().expect("the permission file is TOML");
        let allowed: Vec<&str> = file["permission"][0]["commands"]["allow"]
            .as_array()
            .expect("a list of commands")
            .iter()
            .filter_map(toml::Value::as_str)
            .collect();
        assert_eq!(allowed, super::NAMES);
    }
}
