import { useEffect, useState } from "preact/hooks";

import type { PracticePatient } from "../backend/contract";
import { Disclosure } from "../parts/disclosure";
import { useUi } from "../ui-context";

interface PracticeProps {
  onChoose: (patient: PracticePatient) => void;
}

/** Training only: fictitious patients by what they show. */
export function PracticeList({ onChoose }: PracticeProps) {
  const { state, words } = useUi();
  if (!state.boot?.training) return null;
  return (
    <Disclosure class="practice" label={words.lookUp.practice}>
      {() => <Patients onChoose={onChoose} />}
    </Disclosure>
  );
}

/** Asked for when the list is opened: a page that was locked holds nobody's number. */
function Patients({ onChoose }: PracticeProps) {
  const { state, words, actions } = useUi();
  const [patients, setPatients] = useState<PracticePatient[]>([]);
  useEffect(() => {
    let current = true;
    void actions.practicePatients().then((found) => current && setPatients(found));
    return () => {
      current = false;
    };
  }, []);
  return (
    <>
      <p class="fine">{words.lookUp.practiceHint}</p>
      <ul>
        {patients.map((patient) => (
          <li key={patient.bsn}>
            <button type="button" data-testid={`practice-${patient.bsn}`} onClick={() => onChoose(patient)}>
              <span class="num">{patient.bsn}</span>
              <span>{state.language === "nl" ? patient.label_nl : patient.label_en}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
