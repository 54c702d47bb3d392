//! What can go wrong, in words: what happened, and who can do what about it now.
//!
//! One catalogue for screen and terminal. Codes are stable; texts never carry
//! a BSN or anything clinical.

use super::contract::{Trouble, TroubleText};

/// Everything that stops someone, by stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TroubleCode {
    /// No usable keychain.
    KeychainUnavailable,
    /// The keychain refuses or holds something else than was put there.
    KeychainRefused,
    /// The log cannot be written.
    LogUnwritable,
    /// The disk is full.
    LogFull,
    /// The log is damaged or not ours.
    LogBroken,
    /// Another process holds the log.
    LogBusy,
    /// The training exchange did not start.
    TrainingExchangeNotStarted,
    /// The configuration cannot be used.
    Configuration,
    /// Nobody listens.
    ExchangeUnreachable,
    /// No answer in time.
    ExchangeTimedOut,
    /// The server's certificate is not accepted.
    ExchangeCertificate,
    /// Ours is not accepted.
    ClientCertificate,
    /// The answer cannot be used.
    AnswerUnusable,
    /// The exchange answered with an error.
    ExchangeError,
    /// Wrong PIN.
    WrongPin,
    /// Too many wrong PINs.
    TooManyTries,
    /// The role never views here.
    RoleNotAllowed,
    /// A responsible doctor must be named.
    ResponsibleMissing,
    /// Nobody with this id.
    UnknownPerson,
    /// The setting must be chosen.
    SettingMissing,
    /// Nobody is signed in (any more).
    NotSignedIn,
    /// The summary is not open any more.
    NotOpen,
    /// Another question is still running.
    Busy,
    /// The machine gives no randomness.
    NoRandomness,
    /// Not possible for this role.
    NotForThisRole,
    /// No means to sign in is configured.
    NoSignInMeans,
    /// The keychain was lost or replaced: the log goes on in a new segment. Stops nobody.
    KeychainLost,
    /// The organisation changed its key: the log goes on in a new segment. Stops nobody.
    OrganisationKeyChanged,
    /// Log and keychain do not belong together any more: no checkpoint is signed. Stops nobody.
    LogNotSigned,
    /// The keychain is not there for a checkpoint. Stops nobody.
    LogKeychain,
    /// A checkpoint or an expiry could not be written. Stops nobody.
    LogUpkeep,
    /// The disk is nearly full. Stops nobody yet.
    LogDiskLow,
    /// A receiver of the log refuses it, or is far behind. Stops nobody.
    LogNotDelivered,
    /// A file that is no key of this log.
    KeyFile,
    /// An overview without the organisation's key.
    NoOrganisationKey,
}

impl TroubleCode {
    /// Every code, for generated checks.
    pub const ALL: [Self; 35] = [
        Self::KeychainUnavailable,
        Self::KeychainRefused,
        Self::LogUnwritable,
        Self::LogFull,
        Self::LogBroken,
        Self::LogBusy,
        Self::TrainingExchangeNotStarted,
        Self::Configuration,
        Self::ExchangeUnreachable,
        Self::ExchangeTimedOut,
        Self::ExchangeCertificate,
        Self::ClientCertificate,
        Self::AnswerUnusable,
        Self::ExchangeError,
        Self::WrongPin,
        Self::TooManyTries,
        Self::RoleNotAllowed,
        Self::ResponsibleMissing,
        Self::UnknownPerson,
        Self::SettingMissing,
        Self::NotSignedIn,
        Self::NotOpen,
        Self::Busy,
        Self::NoRandomness,
        Self::NotForThisRole,
        Self::NoSignInMeans,
        Self::KeychainLost,
        Self::OrganisationKeyChanged,
        Self::LogNotSigned,
        Self::LogKeychain,
        Self::LogUpkeep,
        Self::LogDiskLow,
        Self::LogNotDelivered,
        Self::KeyFile,
        Self::NoOrganisationKey,
    ];

    /// The trouble, with `code` for what exactly happened where that is finer than this.
    #[must_use]
    pub fn with_code(self, code: &str) -> Trouble {
        Trouble {
            code: code.to_owned(),
            ..self.trouble()
        }
    }

    /// The trouble in both languages.
    #[must_use]
    pub fn trouble(self) -> Trouble {
        let [code, nl_what, nl_now, en_what, en_now] = self.words();
        let text = |what: &str, now: &str| TroubleText {
            what: what.to_owned(),
            now: now.to_owned(),
        };
        Trouble {
            code: code.to_owned(),
            nl: text(nl_what, nl_now),
            en: text(en_what, en_now),
        }
    }

    #[allow(clippy::too_many_lines, reason = "a table: one row a code")]
    const fn words(self) -> [&'static str; 5] {
        match self {
            Self::KeychainUnavailable => [
                "keychain_unavailable",
                "De sleutelbos van dit account is niet bereikbaar of vergrendeld.",
                "Meld u opnieuw aan op deze computer. Blijft het: laat de beheerder de sleutelbosdienst (Secret Service) starten. Gebruik intussen een andere werkplek.",
                "This account's keychain cannot be reached or is locked.",
                "Sign in to this computer again. If it stays: have the administrator start the keychain service (Secret Service). Use another workstation meanwhile.",
            ],
            Self::KeychainRefused => [
                "keychain_refused",
                "De sleutelbos weigert, of geeft iets anders terug dan erin ging.",
                "Laat de beheerder de sleutelbos van dit account nakijken. Gebruik intussen een andere werkplek.",
                "The keychain refuses, or gives back something else than was put in.",
                "Have the administrator check this account's keychain. Use another workstation meanwhile.",
            ],
            Self::LogUnwritable => [
                "log_unwritable",
                "De inzage kan hier niet worden vastgelegd. Daarom wordt niets getoond.",
                "Gebruik een andere werkplek en vraag de patiënt zelf. De beheerder kan de map van het logboek schrijfbaar maken.",
                "The view cannot be logged here. Therefore nothing is shown.",
                "Use another workstation and ask the patient. The administrator can make the log's folder writable.",
            ],
            Self::LogFull => [
                "log_full",
                "De schijf van deze werkplek is vol: de inzage kan niet worden vastgelegd. Daarom wordt niets getoond.",
                "Gebruik een andere werkplek en vraag de patiënt zelf. De beheerder kan ruimte maken; er gaat niets verloren.",
                "This workstation's disk is full: the view cannot be logged. Therefore nothing is shown.",
                "Use another workstation and ask the patient. The administrator can make room; nothing is lost.",
            ],
            Self::LogBroken => [
                "log_broken",
                "Het logboek op deze werkplek is beschadigd of is niet van Inzage. Daarom wordt niets getoond.",
                "Gebruik een andere werkplek en vraag de patiënt zelf. De beheerder bewaart het bestand en draait ‘inzage log verify’.",
                "The log on this workstation is damaged or is not Inzage's. Therefore nothing is shown.",
                "Use another workstation and ask the patient. The administrator keeps the file and runs ‘inzage log verify’.",
            ],
            Self::LogBusy => [
                "log_busy",
                "Een ander programma houdt het logboek bezet. Daarom wordt niets getoond.",
                "Probeer het over een halve minuut opnieuw. Blijft het: gebruik een andere werkplek.",
                "Another program keeps the log busy. Therefore nothing is shown.",
                "Try again in half a minute. If it stays: use another workstation.",
            ],
            Self::TrainingExchangeNotStarted => [
                "training_exchange_not_started",
                "De oefenuitwisseling is niet gestart.",
                "Start Inzage opnieuw. Blijft het: kijk met ‘inzage check’ wat er ontbreekt, bijvoorbeeld een fout in index.toml.",
                "The training exchange did not start.",
                "Start Inzage again. If it stays: see with ‘inzage check’ what is missing, a mistake in index.toml for example.",
            ],
            Self::Configuration => [
                "configuration_unusable",
                "De instellingen van deze werkplek kloppen niet.",
                "Laat de beheerder ‘inzage check’ draaien: dat noemt wat er mist.",
                "This workstation's configuration is not right.",
                "Have the administrator run ‘inzage check’: it names what is missing.",
            ],
            Self::ExchangeUnreachable => [
                "exchange_unreachable",
                "De uitwisseling is niet bereikbaar: het netwerk of het schakelpunt is eruit.",
                "Behandel zoals altijd en vraag de patiënt. Probeer het over een minuut opnieuw; blijft het, bel de beheerder.",
                "The exchange cannot be reached: the network or the exchange point is down.",
                "Treat as always and ask the patient. Try again in a minute; if it stays, call the administrator.",
            ],
            Self::ExchangeTimedOut => [
                "exchange_timed_out",
                "De uitwisseling antwoordde niet op tijd.",
                "Behandel zoals altijd en vraag de patiënt. Opnieuw vragen kan.",
                "The exchange did not answer in time.",
                "Treat as always and ask the patient. You can ask again.",
            ],
            Self::ExchangeCertificate => [
                "exchange_certificate",
                "Het certificaat van de uitwisseling wordt niet vertrouwd. Er is niets gevraagd.",
                "Dit lost u niet aan de balie op: bel de beheerder en noem de code. Vraag intussen de patiënt.",
                "The exchange's certificate is not trusted. Nothing was asked.",
                "This is not solved at the desk: call the administrator and give the code. Ask the patient meanwhile.",
            ],
            Self::ClientCertificate => [
                "client_certificate",
                "De uitwisseling herkent deze werkplek niet.",
                "De beheerder moet het certificaat van de zorginstelling nakijken. Vraag intussen de patiënt.",
                "The exchange does not recognise this workstation.",
                "The administrator must check the care organisation's certificate. Ask the patient meanwhile.",
            ],
            Self::AnswerUnusable => [
                "answer_unusable",
                "Het antwoord is beschadigd of onvolledig binnengekomen en kan niet worden getoond.",
                "Vraag opnieuw op. Blijft het, dan ligt het waarschijnlijk aan het bronsysteem: noem de beheerder de code. Vraag intussen de patiënt.",
                "The answer arrived damaged or incomplete and cannot be shown.",
                "Ask again. If it stays, the source system is probably at fault: give the administrator the code. Ask the patient meanwhile.",
            ],
            Self::ExchangeError => [
                "exchange_error",
                "De uitwisseling antwoordde met een fout.",
                "Probeer het opnieuw. Blijft het, noem de beheerder de code. Vraag intussen de patiënt.",
                "The exchange answered with an error.",
                "Try again. If it stays, give the administrator the code. Ask the patient meanwhile.",
            ],
            Self::WrongPin => [
                "wrong_pin",
                "De pincode klopt niet.",
                "Probeer het opnieuw.",
                "The PIN is not right.",
                "Try again.",
            ],
            Self::TooManyTries => [
                "too_many_tries",
                "Te vaak een verkeerde pincode.",
                "Wacht even en probeer het dan opnieuw.",
                "Too many wrong PINs.",
                "Wait a moment and then try again.",
            ],
            Self::RoleNotAllowed => [
                "role_not_allowed",
                "Met deze rol kan hier geen samenvatting worden ingezien.",
                "Vraag een arts van deze dienst. Deze poging is vastgelegd.",
                "A summary cannot be viewed here with this role.",
                "Ask a doctor of this shift. This attempt was logged.",
            ],
            Self::ResponsibleMissing => [
                "responsible_missing",
                "U kijkt mee onder verantwoordelijkheid van een arts; die is nog niet gekozen.",
                "Kies de arts namens wie u werkt.",
                "You view on the responsibility of a doctor, who was not chosen yet.",
                "Choose the doctor on whose behalf you work.",
            ],
            Self::UnknownPerson => [
                "unknown_person",
                "Deze persoon is hier niet bekend.",
                "Kies een persoon uit de lijst.",
                "This person is not known here.",
                "Choose a person from the list.",
            ],
            Self::SettingMissing => [
                "setting_missing",
                "Nog niet gekozen waar deze werkplek staat.",
                "Kies huisartsenpost of spoedeisende hulp.",
                "Where this workstation stands was not chosen yet.",
                "Choose after-hours centre or emergency department.",
            ],
            Self::NotSignedIn => [
                "not_signed_in",
                "U bent niet (meer) aangemeld.",
                "Meld u aan.",
                "You are not signed in (any more).",
                "Sign in.",
            ],
            Self::NotOpen => [
                "not_open",
                "Deze samenvatting is niet meer open.",
                "Vraag opnieuw op.",
                "This summary is not open any more.",
                "Ask for it again.",
            ],
            Self::Busy => [
                "busy",
                "Er loopt nog een vraag.",
                "Wacht op het antwoord of stop de vraag.",
                "A question is still running.",
                "Wait for the answer or stop the question.",
            ],
            Self::NoRandomness => [
                "no_randomness",
                "Deze computer geeft geen toevalsgetallen; zonder die kan niets veilig worden vastgelegd.",
                "Gebruik een andere werkplek en bel de beheerder.",
                "This computer gives no random numbers; without them nothing can be logged safely.",
                "Use another workstation and call the administrator.",
            ],
            Self::NotForThisRole => [
                "not_for_this_role",
                "Dit kan niet met deze rol.",
                "Meld u aan met een andere rol.",
                "This is not possible with this role.",
                "Sign in with another role.",
            ],
            Self::NoSignInMeans => [
                "no_sign_in_means",
                "Er is op deze werkplek geen manier van aanmelden ingesteld.",
                "De beheerder kan er een instellen; ‘inzage check’ noemt welke er zijn.",
                "No way of signing in is configured on this workstation.",
                "The administrator can configure one; ‘inzage check’ names them.",
            ],
            Self::KeychainLost => [
                "keychain_lost",
                "De sleutelbos van dit account is verloren of vervangen. Het logboek gaat verder in een nieuw deel; er is niets verloren.",
                "U kunt gewoon werken. Meld het de beheerder: eerdere inzagen zijn alleen nog te vinden met de sleutel van de organisatie.",
                "This account's keychain was lost or replaced. The log goes on in a new segment; nothing is lost.",
                "You can work as usual. Tell the administrator: earlier views can only be found with the organisation's key.",
            ],
            Self::OrganisationKeyChanged => [
                "organisation_key_changed",
                "De organisatie gebruikt een nieuwe sleutel. Het logboek gaat verder in een nieuw deel; er is niets verloren.",
                "U kunt gewoon werken. De functionaris gegevensbescherming bewaart ook de vorige sleutel.",
                "The organisation uses a new key. The log goes on in a new segment; nothing is lost.",
                "You can work as usual. The privacy officer keeps the previous key too.",
            ],
            Self::KeyFile => [
                "key_file",
                "Dit bestand is geen sleutel van dit logboek.",
                "Kies het sleutelbestand van de organisatie dat bij dit logboek hoort, en kijk of u het mag lezen.",
                "This file is no key of this log.",
                "Choose the organisation's key file that belongs to this log, and see whether you may read it.",
            ],
            Self::NoOrganisationKey => [
                "no_organisation_key",
                "Zonder de sleutel van de organisatie blijft verzegeld wie wat van wie heeft ingezien.",
                "Open eerst het sleutelbestand.",
                "Without the organisation's key it stays sealed who saw what of whom.",
                "Open the key file first.",
            ],
            Self::LogNotDelivered => [
                "log_not_delivered",
                "Het logboek van deze werkplek komt niet aan bij de organisatie.",
                "U kunt gewoon werken: elke inzage staat hier vast en wordt later bezorgd. Meld het de beheerder, met deze code.",
                "This workstation's log does not reach the organisation.",
                "You can work as usual: every view is logged here and delivered later. Tell the administrator, with this code.",
            ],
            Self::LogNotSigned => [
                "log_not_signed",
                "Het logboek van deze werkplek past niet meer bij wat eerder is ondertekend.",
                "U kunt gewoon werken: elke inzage wordt vastgelegd. Laat de beheerder het bestand vandaag ongewijzigd bewaren en ‘inzage log verify’ draaien.",
                "This workstation's log no longer fits what was signed before.",
                "You can work as usual: every view is logged. Have the administrator keep the file unchanged today and run ‘inzage log verify’.",
            ],
            Self::LogKeychain => [
                "log_keychain",
                "De sleutelbos van dit account is niet bereikbaar; het logboek wordt nu niet ondertekend.",
                "U kunt gewoon werken: elke inzage wordt vastgelegd. De app probeert het elke vijf minuten opnieuw. Blijft het: meld het de beheerder.",
                "This account's keychain cannot be reached; the log is not being signed now.",
                "You can work as usual: every view is logged. The app tries again every five minutes. If it stays: tell the administrator.",
            ],
            Self::LogUpkeep => [
                "log_upkeep",
                "Het logboek kan nu niet worden ondertekend of opgeschoond.",
                "U kunt gewoon werken zolang inzagen worden vastgelegd. Meld het de beheerder met deze code.",
                "The log cannot be signed or tidied now.",
                "You can work as usual as long as views are logged. Tell the administrator, with this code.",
            ],
            Self::LogDiskLow => [
                "log_disk_low",
                "De schijf van deze werkplek is bijna vol: minder dan een tiende is vrij.",
                "U kunt nog werken. Is er geen ruimte meer, dan kan geen inzage worden vastgelegd en wordt niets getoond: laat de beheerder vandaag ruimte maken.",
                "This workstation's disk is nearly full: less than a tenth is free.",
                "You can still work. Without room no view can be logged and nothing is shown: have the administrator make room today.",
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::TroubleCode;

    #[test]
    fn every_code_is_its_own_and_says_what_to_do_in_both_languages() {
        let mut codes = BTreeSet::new();
        for code in TroubleCode::ALL {
            let trouble = code.trouble();
            assert!(
                codes.insert(trouble.code.clone()),
                "two troubles share a code"
            );
            for text in [trouble.nl, trouble.en] {
                assert!(
                    text.what.ends_with('.') && text.now.ends_with('.'),
                    "a sentence ends with a full stop"
                );
            }
        }
    }
}
