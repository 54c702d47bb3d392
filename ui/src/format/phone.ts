import type { Author, Organisation, Telecom } from "../backend/contract";

/** Area codes of two digits after the zero; all others have three (Dutch numbering plan). */
const SHORT_AREAS = new Set(
  "10 13 14 15 20 23 24 26 30 33 35 36 38 40 43 45 46 50 53 55 58 70 71 72 73 74 75 76 77 78 79 84 85 87 88".split(" "),
);

/** A number as one reads it aloud (`077 555 01 23`); anything else as it came. */
export function formatPhone(value: string): string {
  const bare = value.replace(/^(tel|fax|sms):/i, "");
  const digits = bare.replace(/[\s().-]/g, "");
  const national = digits.replace(/^(\+31|0031)\(?0?\)?/, "0");
  if (!/^0\d{9}$/.test(national)) return bare;
  if (national.startsWith("06")) return `06 ${national.slice(2).replace(/(\d{2})(?=\d)/g, "$1 ")}`;
  const areaLength = SHORT_AREAS.has(national.slice(1, 3)) ? 3 : 4;
  const area = national.slice(0, areaLength);
  const rest = national.slice(areaLength);
  return areaLength === 3
    ? `${area} ${rest.slice(0, 3)} ${rest.slice(3, 5)} ${rest.slice(5)}`
    : `${area} ${rest.slice(0, 2)} ${rest.slice(2, 4)} ${rest.slice(4)}`;
}

/** The practice's phone, else the author's own. */
export function sourcePhone(organisation: Organisation | null, author: Author | null): string | null {
  const all = [organisation?.telecoms, author?.organisation?.telecoms, author?.telecoms];
  for (const telecoms of all) {
    const phone = telecoms?.find(isPhone);
    if (phone) return formatPhone(phone.value);
  }
  return null;
}

function isPhone(telecom: Telecom): boolean {
  return /^(tel:)?[+0-9][0-9\s().-]+$/i.test(telecom.value);
}
