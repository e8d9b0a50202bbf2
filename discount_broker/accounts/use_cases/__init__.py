"""What people ask for about accounts: coming in, keeping the buyers' cards, merging and erasing them."""

from discount_broker.accounts.use_cases.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    renew_recovery_codes,
    turn_off_second_factor,
)
from discount_broker.accounts.use_cases.signing_in import (
    check_code,
    check_password,
    choose_language,
    create_operator,
    log_in_buyer,
    note_seen,
    sign_in,
    sign_out,
    sweep_sessions,
)
from discount_broker.accounts.use_cases.staff import (
    change_operator,
    change_password,
    choose_password,
    deactivate_operator,
    end_other_sessions,
    end_session,
    reactivate_operator,
    reset_second_factor,
    sign_out_operator,
)

__all__ = [
    "begin_second_factor",
    "change_operator",
    "change_password",
    "check_code",
    "check_password",
    "choose_language",
    "choose_password",
    "confirm_second_factor",
    "create_operator",
    "deactivate_operator",
    "end_other_sessions",
    "end_session",
    "log_in_buyer",
    "note_seen",
    "reactivate_operator",
    "renew_recovery_codes",
    "reset_second_factor",
    "sign_in",
    "sign_out",
    "sign_out_operator",
    "sweep_sessions",
    "turn_off_second_factor",
]
