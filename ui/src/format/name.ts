import type { Author, Banner, HumanName, Organisation } from "../backend/contract";
import { codedName, filled } from "./coded";

/** `VAN DEN BERG - JANSEN, Anna Maria`. */
export function bannerName(banner: Pick<Banner, "family" | "given">): string {
  const family = banner.family.toLocaleUpperCase("nl");
  return banner.given ? `${family}, ${banner.given}` : family;
}

/** `J. Peeters`. */
export function personName(name: HumanName | null): string | null {
  if (!name) return null;
  const whole = [name.given, name.family].filter((part) => part.trim() !== "").join(" ");
  if (whole) return whole;
  return filled(name.parts.map((part) => part.text).join(" "));
}

/** `J. Peeters, huisarts`, else the organisation, else nothing. */
export function authorName(author: Author | null): string | null {
  if (!author) return null;
  const person = [personName(author.name), codedName(author.role)].filter((part) => part !== null).join(", ");
  return filled(person) ?? organisationName(author.organisation);
}

/** `Huisartsenpraktijk De Linde, Venlo`: the place is said where it is not in the name. */
export function organisationName(organisation: Organisation | null): string | null {
  if (!organisation) return null;
  const name = filled(organisation.name);
  const city = organisation.addresses.map((address) => filled(address.city)).find((value) => value !== null);
  if (!name) return city ?? null;
  return city && !name.includes(city) ? `${name}, ${city}` : name;
}
