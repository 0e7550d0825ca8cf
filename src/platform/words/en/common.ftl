# Words that every page may need. A slice keeps its own words in a file of its own.
# Sentence case; short; say what to do next. Names and numbers come as arguments, never joined in code.

-app = Andon

page-title = { $page } · { -app }

## Getting around

skip-to-content = Skip to content
nav-main = Main
sign-in = Sign in
sign-out = Sign out
back = Back
next = Next
previous = Previous
open-menu = Open menu
more = More
help = Help
keyboard-shortcuts = Keyboard shortcuts

## Doing things

save = Save
cancel = Cancel
close = Close
add = Add
edit = Edit
change = Change
remove = Remove
delete = Delete
apply = Apply
clear = Clear
confirm = Confirm
retry = Try again
copy = Copy
download = Download
export = Export
search = Search
    .placeholder = Words, or a number such as INC-1042
filter = Filter
sort-by = Sort by
show-all = Show all

## Saying things

yes = Yes
no = No
none = None
unknown = Unknown
optional = optional
required = required
saved = Saved.
opens-in-new-tab = opens in a new tab
item-count = { $count ->
    [one] { $count } item
   *[other] { $count } items
}
shown-of-count = { $shown } of { $count }
time-zone-note = Times in { $zone }

## Forms: what is wrong, beside the field

form-errors = { $count ->
    [one] { $count } field needs attention. Nothing you typed is lost.
   *[other] { $count } fields need attention. Nothing you typed is lost.
}
error-required = Fill this in.
error-choose = Choose one.
error-too-long = At most { $max } characters; this has { $got }.
error-unknown-choice = This is not one of the choices. Choose again.
error-no-longer-there = This choice is no longer available. Choose another.
error-invalid-text = This holds characters that cannot be stored.
error-not-a-number = Write a whole number.
error-number-range = Between { $min } and { $max }.
error-not-an-email = Write a mail address, such as ana@example.org.
error-not-a-phone = Write a phone number, such as +49 30 901820.
error-not-a-date = Write a date as year-month-day, such as 2026-03-31.
error-not-a-time = Write a time as hours:minutes, such as 14:05.
error-in-the-future = This may not be in the future.
error-in-the-past = This may not be in the past.
error-not-a-zone = This is not a known time zone. Try one such as Europe/Lisbon.
error-file-too-large = At most { $max } per file.
error-too-many-files = { $count ->
    [one] At most { $count } file.
   *[other] At most { $count } files.
}

## Notices about addresses

notice-unknown-filter = A filter in the address is not known and was left out: { $name }
notice-unknown-sort = This sort order is not known. The usual one is shown.

## Pages for what went wrong

error-page-not-found = Not found
    .text = There is nothing here that you may see. It may have moved, or the address may be mistyped.
error-page-forbidden = Not allowed
    .text = Your roles do not allow this. Ask an administrator if they should.
error-page-conflict = Changed meanwhile
    .text = Somebody changed this after you opened it. Both values are shown; choose one.
error-page-bad-request = Not understood
    .text = The request was not complete. Go back and try again; what you typed is still in the form.
error-page-cross-site = Sent from another site
    .text = The form was sent from another address than ours and was not accepted. Open the page here and try again.
error-page-too-large = Too large
    .text = What was sent is larger than we accept.
error-page-too-many = Too many tries
    .text = Please wait a little before you try again.
error-page-internal = Something went wrong here
    .text = Nothing was changed. The problem is recorded; if you report it, give the number below.
error-page-unavailable = Not available right now
    .text = The desk is starting, stopping or very busy. Try again in a moment.
error-page-request-id = Request { $id }
error-page-go-queue = Go to the queue
error-page-go-search = Search
error-page-go-sign-in = Sign in

## The frame of every page

home-link = { -app }, home
nav-queue = Queue
nav-settings = Settings
nav-preferences = Preferences
search-label = Search records
search-short = Search or number
log-a-call = Log a call
your-menu = Your menu, { $name }
key-move = down, up the list
key-open = open
key-search = search
key-call = log a call
key-reply = public reply
key-note = internal note
key-mine = assign to me
key-resolve = resolve
key-send = send or save
key-send-resolve = save and resolve
key-keys = this list
open-the-queue = Open the queue
go-to-start = Go to the start page
error-what-next = Go back and try again, or begin again from the start page.
error-request-id = If you report this, give this number:
error-not-found = There is no such page
error-forbidden = You may not do this
error-invalid = Something in the form needs mending
error-refused = This is not possible now
error-stale = Somebody changed this meanwhile
error-news = Somebody wrote here meanwhile. Read it below, then send again.
error-busy = Too many people at once. Wait a moment and try again.
error-inward = Something went wrong on our side
error-form-key = This form is not complete. Reload the page and try again.
error-foreign-form = This form was sent from another site and was refused.
files-kept = These files came along and are kept:
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec

## Files and posts that cannot be taken

file-empty = The file { $name } is empty.
file-too-large = The file { $name } is larger than { $max } MB.
file-too-many = At most { $max } files at once; { $name } was left out.
form-unknown-type = This form was not understood. Reload the page and try again.
form-malformed = This form arrived damaged. Try again.
form-not-utf8 = This holds characters that cannot be stored.
form-text-too-long = This is too much text at once.
form-too-many-fields = This form has too many fields.
form-too-large = All files together are too large.
form-too-slow = This took too long to arrive. Try again.
form-storage = A file could not be stored. Try again.
sign-in-too-many = Too many tries. Wait { $minutes } minutes.
