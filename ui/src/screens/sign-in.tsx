import { useEffect, useRef, useState } from "preact/hooks";

import { newRequestId } from "../backend/backend";
import type { LockedInfo, PersonCard, Setting, Trouble } from "../backend/contract";
import { Keys } from "../parts/frame";
import { NumberPad } from "../parts/number-pad";
import { TroubleBlock } from "../parts/trouble";
import { useUi } from "../ui-context";
import type { Words } from "../words/words";

interface SignInProps {
  /** Who was locked out, where somebody was: their card stands in front. */
  locked: LockedInfo | null;
}

/** The settings in which summaries may be asked for. */
const SETTINGS: readonly Setting[] = ["after_hours", "emergency"];
const SECOND_MS = 1_000;

/** Signing in and unlocking are one screen: a lock leaves nothing that could be shown again. */
export function SignInScreen({ locked }: SignInProps) {
  const { state, words } = useUi();
  const { boot } = state;
  const trouble = boot?.trouble ?? null;
  const title = locked ? words.signIn.lockedTitle : words.signIn.title;
  return (
    <>
      <main class="centre" data-testid={locked ? "locked" : undefined}>
        <div class="sheet">
          <h1>{title}</h1>
          {locked && <LockedExplanation locked={locked} />}
          {boot?.remark && <div class="explain" role="status" data-testid="remark"><TroubleBlock trouble={boot.remark} /></div>}
          {trouble ? <div role="alert" data-testid="trouble"><TroubleBlock trouble={trouble} /></div> : <SignInForm locked={locked} />}
        </div>
      </main>
      <Keys>
        <span><kbd>Tab</kbd> {words.frame.keys.next}</span>
        <span><kbd>Enter</kbd> {words.signIn.submit.toLowerCase()}</span>
        <span class="grow" />
        <span>{words.signIn.private}</span>
      </Keys>
    </>
  );
}

function LockedExplanation({ locked }: { locked: LockedInfo }) {
  const { words } = useUi();
  const closed = locked.closed ? words.frame.closeCauses[locked.closed] : null;
  return (
    <>
      <p class="soft">{words.signIn.lockedBy(locked.name, locked.at)} — {words.frame.lockCauses[locked.cause]}</p>
      {closed && (
        <div class="explain" role="alert" data-testid="closed-by-app">
          <b>{closed.title}</b>
          <p>{closed.text}</p>
        </div>
      )}
    </>
  );
}

function SignInForm({ locked }: SignInProps) {
  const { state, actions, words } = useUi();
  const people = state.boot?.people ?? [];
  const former = people.find((person) => person.id === locked?.person) ?? null;
  const [person, setPerson] = useState<PersonCard | null>(former);
  const [others, setOthers] = useState(former === null);
  const [pin, setPin] = useState("");
  const [responsible, setResponsible] = useState<string | null>(null);
  const [setting, setSetting] = useState<Setting | null>(null);
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [wait, setWait] = useCountdown();
  const pinField = useRef<HTMLInputElement>(null);
  const askSetting = state.boot?.setting === null;

  useEffect(() => {
    if (former) pinField.current?.focus();
  }, []);

  const choose = (card: PersonCard) => {
    setPerson(card);
    setMissing(null);
    setTrouble(null);
    setPin("");
    if (!card.needs_responsible) setResponsible(null);
    pinField.current?.focus();
  };

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy || wait > 0) return;
    const lack = whatLacks(words, { person, pin, responsible, setting, askSetting });
    setMissing(lack?.text ?? null);
    if (lack || !person) {
      if (lack) document.querySelector<HTMLElement>(lack.focus)?.focus();
      return;
    }
    setBusy(true);
    setTrouble(null);
    const result = await actions.signIn({ request_id: newRequestId(), person: person.id, pin, responsible, setting });
    if (result.outcome === "signed_in") return;
    setBusy(false);
    setPin("");
    setTrouble(result.trouble);
    setWait(result.wait_seconds);
    pinField.current?.focus();
  };

  const shown = others ? people : people.filter((card) => card.id === former?.id);
  return (
    <form onSubmit={submit} class="sign-in" noValidate>
      <fieldset>
        <legend>{words.signIn.who}</legend>
        {people.length === 0 && <p>{words.signIn.nobody}</p>}
        <div class="people" role="group">
          {shown.map((card) => (
            <PersonButton key={card.id} card={card} chosen={card.id === person?.id} onChoose={choose} />
          ))}
          {former && !others && (
            <button type="button" class="quiet" onClick={() => setOthers(true)}>{words.signIn.others}</button>
          )}
        </div>
      </fieldset>

      <div class="sign-in-side">
        <div>
          <label for="pin">{words.signIn.pin}</label>
          <input
            ref={pinField} id="pin" data-testid="pin" class="big" type="password" inputMode="numeric" autoComplete="off"
            value={pin} onInput={(event) => setPin(event.currentTarget.value)} aria-describedby="sign-in-says"
          />
          <NumberPad value={pin} onChange={setPin} />
        </div>

        {person?.needs_responsible && (
          <fieldset>
            <legend>{words.signIn.responsible}</legend>
            <p class="fine">{words.signIn.responsibleHint}</p>
            <div class="choices">
              {people.filter((card) => card.can_be_responsible).map((card) => (
                <label class="choice" key={card.id}>
                  <input
                    type="radio" name="responsible" data-testid={`responsible-${card.id}`} value={card.id}
                    checked={responsible === card.id} onChange={() => setResponsible(card.id)}
                  />
                  {card.name}
                </label>
              ))}
            </div>
          </fieldset>
        )}

        {askSetting && (
          <fieldset>
            <legend>{words.signIn.setting}</legend>
            <p class="fine">{words.signIn.settingHint}</p>
            <div class="choices">
              {SETTINGS.map((value) => (
                <label class="choice" key={value}>
                  <input
                    type="radio" name="setting" data-testid={`setting-${value}`} value={value}
                    checked={setting === value} onChange={() => setSetting(value)}
                  />
                  {words.frame.settings[value]}
                </label>
              ))}
            </div>
          </fieldset>
        )}

        <div id="sign-in-says" aria-live="assertive">
          {missing && <p class="lacks">{missing}</p>}
          {trouble && <TroubleBlock trouble={trouble} />}
        </div>
        {/* Not live: a countdown read aloud every second would drown everything else. */}
        {wait > 0 && <p class="soft">{words.signIn.wait(wait)}</p>}
        <button type="submit" class="go" data-testid="sign-in" disabled={busy || wait > 0}>
          {busy ? words.signIn.busy : words.signIn.submit} <kbd>Enter</kbd>
        </button>
      </div>
    </form>
  );
}

interface PersonButtonProps {
  card: PersonCard;
  chosen: boolean;
  onChoose: (card: PersonCard) => void;
}

function PersonButton({ card, chosen, onChoose }: PersonButtonProps) {
  const { state, words } = useUi();
  const role = state.language === "nl" && card.role_name ? card.role_name : words.frame.roles[card.role];
  return (
    <button type="button" class="person" data-testid={`person-${card.id}`} aria-pressed={chosen} onClick={() => onChoose(card)}>
      <b>{card.name}</b>
      <span>{role}{card.needs_responsible && ` · ${words.signIn.needsResponsible}`}</span>
    </button>
  );
}

interface Filled {
  person: PersonCard | null;
  pin: string;
  responsible: string | null;
  setting: Setting | null;
  askSetting: boolean;
}

/** The first thing that lacks, and where to put the focus. */
function whatLacks(words: Words, filled: Filled): { text: string; focus: string } | null {
  if (!filled.person) return { text: words.signIn.missingPerson, focus: ".person" };
  if (filled.pin === "") return { text: words.signIn.missingPin, focus: "#pin" };
  if (filled.person.needs_responsible && !filled.responsible) {
    return { text: words.signIn.missingResponsible, focus: "[name=responsible]" };
  }
  if (filled.askSetting && !filled.setting) return { text: words.signIn.missingSetting, focus: "[name=setting]" };
  return null;
}

function useCountdown(): [number, (seconds: number) => void] {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (left <= 0) return undefined;
    const timer = setTimeout(() => setLeft(left - 1), SECOND_MS);
    return () => clearTimeout(timer);
  }, [left]);
  return [left, setLeft];
}
