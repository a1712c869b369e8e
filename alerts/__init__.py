"""Alerts: few, exact, one thread for each event, sent once on every channel an office names.

`subscriptions` says who wants what; `surge_items` and `health` say what is the case; `plan` turns
that into messages, as values and without a clock of its own; `post` keeps the ledger of each
channel in the store and hands messages to `channels`. `feed` and `calendar` are files for those who
would rather ask than be sent messages. Nothing here fetches figures or knows Streamlit.
"""
