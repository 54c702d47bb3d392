//! What the page can do besides what it is for: nothing.

use std::net::TcpListener;
use std::process::Command;

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::driver::Window;

/// Collects violations of the content security policy, those from before it was asked, too.
const WATCH: &str = "window.seen = [];
    new ReportingObserver(reports => window.seen.push(...reports.map(r => r.body.effectiveDirective)),
        { types: ['csp-violation'], buffered: true }).observe();
    document.addEventListener('securitypolicyviolation', e => window.seen.push(e.effectiveDirective));";

async fn violations(window: &mut Window) -> Value {
    // Reports are handed over when the page has nothing else to do.
    let script =
        "const done = arguments[arguments.length - 1]; setTimeout(() => done(window.seen), 200)";
    window.page.execute_async(script, vec![]).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_keeps_to_its_policy_and_its_bridge_on_every_path() {
    let mut window = Window::open(&[]).await;
    window.script(WATCH).await;
    let note = "window.calls = []; const real = window.fetch;
        window.fetch = (to, how) => { window.calls.push(String(to)); return real(to, how) };";
    window.script(note).await;
    window.doctor().await;
    for (bsn, born, screen) in [
        ("999900006", "12031951", "summary"),
        ("999911016", "30091959", "summary"),
        ("999911120", "05111993", "summary"),
        ("999940132", "01041933", "summary"),
        ("999940144", "08121979", "summary"),
        ("999940004", "11121970", "refused"),
    ] {
        window.ask(bsn, born).await;
        window.screen(screen).await;
        if bsn != "999940132" {
            window.open_all().await;
        }
        window.chord(Key::Control, "k").await;
        window.screen("look_up").await;
        if screen == "refused" {
            break;
        }
    }
    assert_eq!(
        violations(&mut window).await,
        json!([]),
        "no violation on any path"
    );
    let calls = window.script("return window.calls").await;
    let calls: Vec<&str> = calls
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(
        calls.iter().all(|to| to.starts_with("ipc://localhost/")),
        "{calls:?}"
    );
    // A fallback to messages is for good: no later command would come by here.
    let questions = calls
        .iter()
        .filter(|to| **to == "ipc://localhost/look_up")
        .count();
    assert_eq!(questions, 6, "each question went over ipc: {calls:?}");
    // The check can fail: a violation is seen when there is one.
    window
        .script(
            "document.body.append(Object.assign(new Image(), { src: 'https://127.0.0.1/x.png' }))",
        )
        .await;
    assert_ne!(violations(&mut window).await, json!([]));
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_ever_becomes_code_or_markup() {
    let mut window = Window::open(&[]).await;
    for (name, script) in [
        ("eval", "eval('1')"),
        ("Function", "new Function('return 1')()"),
        (
            "innerHTML",
            "document.createElement('p').innerHTML = '<b>x</b>'",
        ),
        (
            "outerHTML",
            "document.body.appendChild(document.createElement('p')).outerHTML = '<b>x</b>'",
        ),
        (
            "insertAdjacentHTML",
            "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')",
        ),
        ("document.write", "document.write('<b>x</b>')"),
        (
            "script.src",
            "document.createElement('script').src = 'https://127.0.0.1/x.js'",
        ),
        (
            "a policy of its own",
            "trustedTypes.createPolicy('mine', { createHTML: s => s })",
        ),
    ] {
        let tried = format!(
            "try {{ {script}; return 'done' }} catch (error) {{ return 'threw ' + error.name }}"
        );
        let outcome = window.script(&tried).await;
        assert!(
            outcome.as_str().is_some_and(|o| o.starts_with("threw")),
            "{name}: {outcome}"
        );
    }
    assert!(!window.markup().await.contains("<b>x</b>"));
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_reaches_no_network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let mut window = Window::open(&[]).await;
    window.script(WATCH).await;
    for scheme in ["http", "https"] {
        let script = format!(
            "const done = arguments[arguments.length - 1], to = '{scheme}://{address}/';
             const image = new Image(); image.src = to; document.body.append(image);
             const frame = document.createElement('iframe'); frame.src = to; document.body.append(frame);
             const form = document.createElement('form'); form.action = to; document.body.append(form); form.submit();
             try {{ new WebSocket(to.replace('http', 'ws')) }} catch {{}}
             navigator.sendBeacon?.(to, 'x');
             fetch(to).then(() => done('answered'), error => done(error.name))"
        );
        assert_eq!(
            window.page.execute_async(&script, vec![]).await.unwrap(),
            "TypeError",
            "{scheme}"
        );
    }
    let seen = violations(&mut window).await;
    for directive in ["connect-src", "img-src", "form-action"] {
        assert!(
            seen.as_array().unwrap().iter().any(|d| d == directive),
            "{directive} is among {seen}"
        );
    }
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert!(listener.accept().is_err(), "nobody came to the door");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_not_on_the_list_is_denied() {
    let window = Window::open(&[]).await;
    for command in [
        "inspect",
        "plugin:window|close",
        "plugin:webview|create_webview_window",
        "plugin:event|emit",
        "plugin:path|resolve_directory",
        "plugin:app|version",
    ] {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             window.__TAURI_INTERNALS__.invoke('{command}', {{}}).then(() => done('answered'), error => done('denied: ' + error))"
        );
        let outcome = window.page.execute_async(&script, vec![]).await.unwrap();
        assert!(
            outcome.as_str().is_some_and(|o| o.starts_with("denied")),
            "{command}: {outcome}"
        );
    }
    // The check can fail: a command of the list is answered.
    let listed = "const done = arguments[arguments.length - 1];
        window.__TAURI_INTERNALS__.invoke('bootstrap', {}).then(() => done('answered'), error => done('denied: ' + error))";
    assert_eq!(
        window.page.execute_async(listed, vec![]).await.unwrap(),
        "answered"
    );
    window.close().await;
}

/// Visible windows on the display, menus among them.
fn windows() -> usize {
    let said = Command::new("xdotool")
        .args(["search", "--onlyvisible", "--name", ".*"])
        .output()
        .unwrap();
    String::from_utf8_lossy(&said.stdout).lines().count()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_second_window_other_page_menu_download_or_print() {
    let mut window = Window::open(&[]).await;
    window.doctor().await;
    window.ask("999900006", "12031951").await;
    window.screen("summary").await;
    let before = windows();
    assert!(before > 0, "the display is seen");
    let here = window.script("return location.href").await;
    for script in [
        "window.open('https://example.org')",
        "window.open('about:blank', '_blank', 'width=300,height=300')",
        "location.href = 'https://example.org/'",
        "location.href = 'file:///etc/passwd'",
        "location.href = 'data:text/html,hello'",
        "const a = document.createElement('a'); a.href = 'https://example.org/'; a.target = '_blank'; document.body.append(a); a.click()",
        "const a = document.createElement('a'); a.href = '/index.html'; a.download = 'page.html'; document.body.append(a); a.click()",
        "const a = document.createElement('a'); a.href = URL.createObjectURL(new Blob(['x'])); a.download = 'x.txt'; document.body.append(a); a.click()",
        "window.print()",
    ] {
        window.page.execute(script, vec![]).await.unwrap();
    }
    for key in [
        "ctrl+p",
        "ctrl+s",
        "ctrl+u",
        "ctrl+n",
        "ctrl+t",
        "ctrl+shift+i",
        "F12",
        "shift+F10",
        "Menu",
    ] {
        press(&["key", key]);
    }
    press(&["mousemove", "600", "400", "click", "3"]);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(windows(), before, "no menu, dialog or window came");
    assert_eq!(window.page.windows().await.unwrap().len(), 1);
    assert_eq!(window.script("return location.href").await, here);
    window.screen("summary").await;
    window.close().await;
}

fn press(what: &[&str]) {
    let done = Command::new("xdotool").args(what).status().unwrap();
    assert!(done.success(), "xdotool {what:?}");
}
