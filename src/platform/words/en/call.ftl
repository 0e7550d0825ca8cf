# Words of call: logging a call.

call-save = Save call
call-save-next = Save and next
call-save-resolve = Save and resolve
call-saved = { $number } is logged.
call-saved-and-resolved = { $number } is logged and resolved at first contact.
call-saved-before = Saved as

## 1. Who

call-kind = Kind of call
call-who-is-calling = 1. Who is calling?
call-requester = Requester
call-requester-by = name, mail, phone or staff number
call-find = Find
call-people = Matching people
call-found = People found: { $n }
call-nobody-found = Nobody found. Try a mail address or a staff number, or add the person below.
call-open-records = { $count ->
    [0] Nothing open
    [one] { $count } open record
   *[other] { $count } open records
}
call-add-person = Not in the list? Add the person
call-add-person-hint = Filled in, this person becomes the requester.
call-new-name = Name
call-new-mail = Mail
call-new-phone = Phone
call-new-staff-number = Staff number
call-recurrence-of = Recurrence of
call-raised-from = Raised from
raise-from = Raise from { $number }
call-who = Say who is calling. Only what monitoring reports comes from nobody.
call-choose-person = Choose one of the people found, or add the person below.
call-person-unknown = There is no such person to log a call for.

## 2. What

call-what-is-wrong = 2. What is wrong?
call-title = In one line, in their words
call-service = Service
call-category = Category
call-not-chosen = Not chosen
call-details = Details
call-channel = How it reached us
call-files = Files
call-earlier = Location, item and time
call-reported-at = Reported at
call-in-your-zone = your time,
call-not-a-moment = Write date and time, such as 2026-03-31 14:05.

## 3. How bad

call-how-bad = 3. How bad is it?
call-impact-and-urgency = Impact and urgency
call-cell = Impact { $impact }, urgency { $urgency }: priority { $priority }
call-by-hand = Set the priority by hand
call-priority = Priority
call-by-matrix = As the matrix says
call-priority-reason = Why it differs from the matrix
call-reason-without-priority = Choose the priority this is the reason for, or empty the reason.
call-team = Team
call-team-suggested = { $team } (suggested)
call-no-team = No team
call-mine = Assign it to me

call-location-suggested = { $location } (where they work)
call-location-own = Where they work, if known
call-location-none = No location
call-item-hint = optional, by name

## Solved on the line

call-how-solved = 4. How was it solved?
call-resolution = Resolution
call-resolution-code = Resolution code
call-choose = Choose
call-resolution-text = What was done
call-only-incidents-are-solved = Only an incident can be resolved while it is logged. Save it, or make it an incident.
call-solved-or-not = Press Save and resolve to use this, or empty code and text to save it unresolved.

## What saving will do

call-preview = What saving will do
call-goes-to = Goes to
call-respond-by = Respond by { $due }
call-resolve-by = Resolve by { $due }
call-why-category = as the category says
call-why-service = as the service says
call-why-desk = the desk, as neither category nor service names a team
call-why-chosen = as you chose
call-why-nobody = neither category, service nor desk names one
call-seen-before = Seen before
call-similar = Similar open records
call-records-of = Open records of { $name }

## The same trouble again

call-for-another = Somebody else is calling for them?
call-by = Who is calling
call-join = Add as affected
call-contact = Add a contact
call-joined-before = No second record: the call is on the one there is. Affected besides the requester: { $affected }, contacts: { $contacts }. It is
