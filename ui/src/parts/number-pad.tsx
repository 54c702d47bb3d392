import { useUi } from "../ui-context";

interface NumberPadProps {
  value: string;
  onChange: (value: string) => void;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

/** Digits for a screen without a keyboard; keys of 44 px and more, for gloves. Kiosk only. */
export function NumberPad({ value, onChange }: NumberPadProps) {
  const { state, words } = useUi();
  if (!state.boot?.kiosk) return null;
  const { pad } = words.frame;
  return (
    <div class="pad" role="group" aria-label={pad.title}>
      {DIGITS.map((digit) => (
        <button
          key={digit} type="button" class="pad-key" aria-label={pad.digit(digit)}
          // The field keeps the focus, so that a keyboard and the pad can be mixed.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChange(value + digit)}
        >
          {digit}
        </button>
      ))}
      <button
        type="button" class="pad-key wide" onPointerDown={(event) => event.preventDefault()}
        onClick={() => onChange(value.trimEnd().slice(0, -1))}
      >
        {pad.erase}
      </button>
    </div>
  );
}
