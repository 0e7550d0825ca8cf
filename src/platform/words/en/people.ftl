# Words of people: signing in, links, parked forms, preferences, and the fields of a person.

## Signing in

sign-in-title = Sign in to { -app }
sign-in-wrong = That mail address and password do not match.
sign-in-parked = You were signed out before your text was sent. Your text is safe: sign in, and you get it back.
field-mail = Mail
field-password = Password

## One-time links

link-gone-title = This link no longer works
link-gone-text = It was used already, it ran out, or it is not complete. Ask an administrator for a new one.
setup-title = Set up { -app }
setup-text = This makes the first administrator. Everybody else is added by them.
setup-do = Make the administrator
setup-done = The desk is set up. Sign in with your new password.
password-link-title = Choose your password
password-link-do = Set the password
password-set-sign-in = Your password is set. Sign in with it.

## Passwords

field-old-password = Present password
field-new-password = New password
field-password-again = New password again
password-hint = 12 characters or more. A few unrelated words make a good one.
password-too-short = At least { $min } characters.
password-too-long = At most { $max } bytes.
password-common = This is too easy to guess. Try a few unrelated words.
password-personal = This is mostly your own name or address. Try a few unrelated words.
password-not-the-same = The two passwords are not the same. Type both again.
password-wrong = This is not your present password.
password-changed = Your password is changed. Your other sessions have ended.

## The first page of somebody who does not work at the desk

home-title = You are signed in
home-text = Your roles give you no records to work on here. To report something, call or write to the service desk. You can change your preferences.

## Parked forms

parked-title = Text kept for you
parked-text = Your session had ended when you sent these. Open one to see its form filled in as it was; nothing is sent until you send it. They are kept for 24 hours.
parked-none = Nothing is kept for you
    .text = Text that you send after your session ended would wait here for 24 hours.
parked-go-on = Go on
parked-open = Open the form
parked-discard = Discard
parked-discarded = Discarded.
parked-files = Files
parked-left-out = What did not come along
unparked-title = Your session has ended, and this text is too long to be kept
unparked-text = At most 1 MB of text is kept while you are signed out. Nothing is lost: everything you sent stands below. Leave this page open, sign in in another tab, then come back and open the form.
unparked-sign-in = Sign in in another tab
parked-field-title = Title
parked-field-description = Description
parked-field-body = Text
parked-field-text = Text
parked-field-reply = Reply
parked-field-note = Note
parked-field-reason = Reason
parked-field-question = Question
parked-field-resolution = Resolution

## Preferences

preferences-display = Language, time and look
preferences-saved = Your preferences are saved.
preferences-password = Password
preferences-password-do = Change the password
preferences-password-ends = Your other sessions end.
preferences-sessions = Where you are signed in
field-language = Language
language-en = English
field-zone = Time zone
    .hint = Choose one, or type any IANA name such as Europe/Lisbon.
field-theme = Look
theme-auto = As the device
theme-light = Light
theme-dark = Dark
field-single-keys = Shortcuts of a single letter
    .hint = Such as C to log a call. Switch them off if you use voice input.
session-column-device = Device
session-column-address = Address
session-column-seen = Last used
session-column-since = Signed in
session-device = { $browser }, { $system }
session-device-unknown = Unknown device
session-this = This one
session-end = Sign out there
session-end-others = Sign out everywhere else
session-ended = That session has ended.
sessions-ended = Your other sessions have ended.

## A person's fields and what may be wrong with them

field-name = Name
field-phone = Phone
field-staff-number = Staff number
field-organisation = Organisation
field-manager = Line manager
    .hint = Their mail address, staff number or full name.
field-vip = VIP
    .hint = Shown wherever the desk meets them.
field-address = Address
person-belongs = Where they belong
person-manager-self = Nobody is their own line manager.
person-manager-circle = This would make somebody manage themself, over others between.
person-manager-unknown = Nobody, or more than one person, is found by this. Type a mail address or a staff number.
column-actions = Actions
person-mail-needed = Whoever has a role signs in, and needs a mail address for that.
person-mail-taken = Somebody has this mail address already, perhaps a person who is disabled.
person-staff-number-taken = Somebody has this staff number already.
person-last-administrator = This is the last administrator. Give somebody else the role first.
person-link-disabled = This person is disabled. Enable them first.
person-link-without-mail = This person has no mail address to sign in with. Add one first.
person-unknown-mail = Nobody has the mail address { $mail }.
role-agent = Agent
    .hint = Sees and works on all records
role-manager = Manager
    .hint = Works on records, answers for a team, declares incidents major
role-approver = Approver
    .hint = Decides when an approval asks for it
role-administrator = Administrator
    .hint = Works on records and manages these settings
role-none = Requester

## Teams

team-name-taken = A team of this name exists already.
team-unknown-name = There is no team { $name }.

## Two people at once

meanwhile-changed = { $by } changed this to “{ $value }” ({ $at }). Save again to keep yours instead.
meanwhile-cleared = { $by } cleared this ({ $at }). Save again to keep yours instead.
meanwhile-unknown = Somebody changed this meanwhile. Save again to keep yours.
