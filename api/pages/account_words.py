"""The words of logging in, of accounts and of whatever can be wrong in a form."""

from __future__ import annotations

from city.account import Role
from city.wording import Language

ACCOUNT_WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "log_in": "Inloggen",
        "log_in_text": "Log in om verder te gaan.",
        "sign_on": "Inloggen met uw organisatie",
        "log_out": "Uitloggen",
        "logged_in_as": "Ingelogd als {name}",
        "user_name": "E-mailadres of naam",
        "password": "Wachtwoord",
        "new_password": "Nieuw wachtwoord",
        "password_hint": "Minstens 12 tekens, zoals drie woorden die niemand bij u zoekt.",
        "welcome": "Welkom, {name}",
        "welcome_text": "Kies een wachtwoord. Daarna kunt u met uw naam en wachtwoord inloggen.",
        "welcome_over": "Deze link werkt niet meer",
        "save_password": "Wachtwoord opslaan",
        "no_account": "Geen account of wachtwoord? Vraag uw beheerder om een link.",
        "needed": "Vul dit in.",
        "form_wrong": "Er klopt iets niet",
        "municipality": "Gemeente",
        "turn_to": "Toon",
        "demo_mode": "Demo: u kijkt zonder wachtwoord mee als {role}.",
        "demo_text": "In deze demonstratie heeft niemand een wachtwoord nodig. Kies een plek:",
        "look_on_as": "Kijk mee als {role}",
    },
    "en": {
        "log_in": "Log in",
        "log_in_text": "Log in to go on.",
        "sign_on": "Log in with your organisation",
        "log_out": "Log out",
        "logged_in_as": "Logged in as {name}",
        "user_name": "E-mail address or name",
        "password": "Password",
        "new_password": "New password",
        "password_hint": "At least 12 characters, such as three words that nobody links with you.",
        "welcome": "Welcome, {name}",
        "welcome_text": "Choose a password. After that you can log in with your name and password.",
        "welcome_over": "This link works no longer",
        "save_password": "Save password",
        "no_account": "No account or password? Ask your administrator for a link.",
        "needed": "Fill this in.",
        "form_wrong": "Something is wrong",
        "municipality": "Municipality",
        "turn_to": "Show",
        "demo_mode": "Demo: you look on as {role}, without a password.",
        "demo_text": "In this demonstration nobody needs a password. Choose a desk:",
        "look_on_as": "Look on as {role}",
    },
}

ROLE_NAMES: dict[Language, dict[Role, str]] = {
    "nl": {
        Role.PLANNER: "planner",
        Role.DRIVER: "chauffeur",
        Role.ANALYST: "analist",
        Role.ADMIN: "beheerder",
    },
    "en": {
        Role.PLANNER: "planner",
        Role.DRIVER: "driver",
        Role.ANALYST: "analyst",
        Role.ADMIN: "administrator",
    },
}

FAULT_TEXTS: dict[Language, dict[str, str]] = {
    "nl": {
        "log-in": "Deze naam en dit wachtwoord horen niet bij elkaar.",
        "log-in-unknown": "Uw organisatie kent u, maar hier is er geen account van u. Vraag een "
        "beheerder om een account met uw e-mailadres als naam.",
        "sign-on": "Uw organisatie heeft niet bevestigd wie u bent. Probeer het opnieuw; "
        "blijft het zo, zeg het dan een beheerder.",
        "too-many-guesses": "Er is te vaak een verkeerd wachtwoord gegeven. "
        "Wacht een kwartier en probeer het dan opnieuw.",
        "link-over": "De link is al gebruikt, of te oud. Vraag uw beheerder om een nieuwe.",
        "password-length": "Een wachtwoord heeft 12 tot 200 tekens.",
    },
    "en": {
        "log-in": "This name and this password do not belong together.",
        "log-in-unknown": "Your organisation knows you, but there is no account of yours here. Ask "
        "an administrator for an account with your e-mail address as its name.",
        "sign-on": "Your organisation did not confirm who you are. Try again; if it stays so, tell "
        "an administrator.",
        "too-many-guesses": "A wrong password was given too often. "
        "Wait a quarter of an hour and try again.",
        "link-over": "The link was used already or is too old. Ask your administrator for another.",
        "password-length": "A password has 12 to 200 characters.",
    },
}
"""What a form says at its field, by the code of the fault."""
