import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { LeaveKioskPanel } from "./leave-kiosk";
import { BrandMark } from "./icons";
import { HelpPanel } from "./help-panel";
import { TroubleBlock } from "./trouble";
import { useShortcuts } from "../shortcuts";
import { useUi } from "../ui-context";

type Panel = "help" | "leave_kiosk" | null;

/** What stands around every screen: the bar, the training band, trouble with the log, and the panels. */
export function Frame({ children }: { children: ComponentChildren }) {
  const { state, words } = useUi();
  const [panel, setPanel] = useState<Panel>(null);

  // A new screen starts at its top: where the former one was scrolled to says nothing.
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => frame.current?.scrollTo?.(0, 0), [state.screen.name]);

  useShortcuts((shortcut) => {
    if (shortcut.shortcut === "help") setPanel((open) => (open === "help" ? null : "help"));
    else return false;
    return true;
  });

  return (
    <div class="app">
      <div class="frame" ref={frame}>
        <header class="head">
          <Bar onHelp={() => setPanel("help")} onLeaveKiosk={() => setPanel("leave_kiosk")} />
          {state.boot?.training && (
            <p class="training" data-testid="training-band">
              {words.frame.training}
              {(state.screen.name === "sign_in" || state.screen.name === "locked") && ` · ${words.frame.trainingPin}`}
            </p>
          )}
          {state.logTrouble && (
            <div class="log-trouble" role="alert">
              <b>{words.frame.logTrouble}</b>
              <TroubleBlock trouble={state.logTrouble} />
            </div>
          )}
        </header>
        {children}
        {panel === "help" && <HelpPanel onClose={() => setPanel(null)} />}
        {panel === "leave_kiosk" && <LeaveKioskPanel onClose={() => setPanel(null)} />}
      </div>
    </div>
  );
}

function Bar({ onHelp, onLeaveKiosk }: { onHelp: () => void; onLeaveKiosk: () => void }) {
  const { state, actions, words } = useUi();
  const { boot, session, screen } = state;
  const setting = session?.setting ?? boot?.setting ?? null;
  // "Huisartsenpost · Huisartsenpost Noord-Limburg" says the same thing twice.
  const place = setting ? words.frame.settings[setting] : null;
  const said = place !== null && boot?.organisation.toLowerCase().includes(place.toLowerCase());
  const where = [said ? null : place, boot?.organisation, boot?.workstation].filter(Boolean);
  const nextTheme = state.theme === "day" ? words.frame.toNight : words.frame.toDay;
  return (
    <div class="bar">
      <span class="brand"><BrandMark />{words.frame.brand}</span>
      <span class="where">{where.join(" · ")}</span>
      <span class="grow" />
      {screen.name === "summary" && <span class="logged">{words.frame.loggedAt(screen.view.logged_at)}</span>}
      {session && (
        <span class="who">
          <b>{session.name}</b> · {roleText(words.frame.roles[session.role], session.role_name, state.language)}
          {session.responsible && `, ${words.frame.responsible(session.responsible)}`}
        </span>
      )}
      <span class="tools">
        <button type="button" class="tool" lang={state.language === "nl" ? "en" : "nl"} onClick={() => actions.setLanguage(state.language === "nl" ? "en" : "nl")}>
          {words.frame.otherLanguage}
        </button>
        <button type="button" class="tool" aria-label={words.frame.themeLabel(nextTheme)} onClick={actions.switchTheme}>{nextTheme}</button>
        <button type="button" class="tool" aria-label={words.frame.textSizeLabel(state.textSize)} onClick={actions.nextTextSize}>
          {words.frame.textSize} {state.textSize}%
        </button>
        <button type="button" class="tool" onClick={onHelp}><kbd>F1</kbd> {words.frame.help}</button>
        {boot?.kiosk && <button type="button" class="tool" onClick={onLeaveKiosk}>{words.frame.leaveKiosk}</button>}
        {session && <button type="button" data-testid="sign-out" onClick={actions.signOut}>{words.frame.signOut}</button>}
        {session && (
          <button type="button" data-testid="lock" onClick={actions.lock}>
            {words.frame.lock} <kbd>Ctrl L</kbd>
          </button>
        )}
      </span>
    </div>
  );
}

/** The role in the app's own words is Dutch ("huisarts"): more exact, so first choice in Dutch. */
function roleText(translated: string, given: string, language: string): string {
  return language === "nl" && given ? given : translated;
}

/** The line of keys at the foot of a screen. */
export function Keys({ children, crowded = false }: { children: ComponentChildren; crowded?: boolean }) {
  return <footer class={crowded ? "keys crowded" : "keys"}>{children}</footer>;
}

