"""What people ask for about accounts: coming in, keeping the buyers' cards, merging and erasing them."""

from discount_broker.accounts.use_cases.api_clients import (
    change_api_client,
    issue_api_token,
    make_api_client,
    note_token_used,
    revoke_api_token,
    switch_api_client,
)
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
    "change_api_client",
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
    "issue_api_token",
    "log_in_buyer",
    "make_api_client",
    "note_seen",
    "note_token_used",
    "reactivate_operator",
    "renew_recovery_codes",
    "reset_second_factor",
    "revoke_api_token",
    "sign_in",
    "sign_out",
    "sign_out_operator",
    "sweep_sessions",
    "switch_api_client",
    "turn_off_second_factor",
]
