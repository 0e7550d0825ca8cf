# Words of problems and known errors.

problem-open = Open a problem
problem-open-from = Open a problem from these
problem-opened = { $number } is open.
problem-service-of-incidents = The service of the incidents
problem-incidents-link = Incidents
problem-incidents-hint = Numbers, one a line or with commas between.
problem-incident-unknown = There is no incident { $number } that you can see.
problem-too-many-at-once = Link at most { $max } at once.
problem-choose-incidents = Choose the incidents first.
problem-link-more = Link more incidents
problem-linked = Linked: { $count }.
problem-unlink = Unlink those chosen
problem-unlinked = Unlinked: { $count }.
problem-no-incidents = No incident is linked to it
problem-older = Older incidents
problem-cost = What it costs
problem-incidents = Incidents
problem-incidents-of = { $count ->
    [one] { $count } incident, { $open } open
   *[other] { $count } incidents, { $open } open
}
problem-first = First reported
problem-last = Last reported
problem-lately = In the last 30 days
problem-hurt = Hurt for, together
problem-services = Services
problem-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
problem-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
problem-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
problem-fix = Fix

## Contributing factors

factors = Contributing factors
factors-edit = Contributing factors
factors-what = What came together, each with how it is known. There is rarely one cause.
factors-too-many = There are as many factors as one problem may have. Take one away, or say one otherwise.
factor = Factor
factor-add = Add a factor
factor-choose = Choose a kind
factor-remove = Take it away
factor-gone = Somebody took this factor away meanwhile. What you wrote is in the form below: add it again if it still holds.

## Workarounds and known errors

known-error = Known error
known-error-edit = Workaround and known error
known-error-what = A known error is offered to agents on incidents like it, with the reason, as soon as there is a workaround and until it is retired.
known-error-symptoms-hint = What a caller says, in their words: it is recognised by them.
known-error-symptoms-needed = Say what people notice.
known-error-workaround-needed = Say what helps meanwhile.
known-error-unchanged = This is what is published already.
known-error-not-offered = This known error is not offered.
known-error-meanwhile = Somebody published version { $version } meanwhile. It is shown below; what you wrote is kept.
known-error-audience-desk = The desk only
known-error-audience-requesters = Requesters too
known-error-publish = Publish
known-error-publish-again = Publish the next version
known-error-is-published = The known error is published.
known-error-published = Published
known-error-version = Version { $n }
known-error-versions = Versions
known-error-offered = Offered
known-error-used = Used
known-error-worked = Worked
known-error-retire = Retire it
known-error-retire-hint = It is offered no more, whatever becomes of the problem.
known-error-retired = Retired
known-error-is-retired = The known error is retired.
known-error-retired-fixed = the fix held
known-error-retired-by-hand = by hand
known-error-retired-cancelled = the problem was cancelled
workaround-save = Keep the workaround for the desk
helps = Known errors
workaround-into-reply = Put into the reply
workaround-into-note = Put into a note
workaround-is-in-the-reply = The workaround is in your text. Send it when it fits.
workaround-used = Used
workaround-worked = Worked
workaround-failed = Did not work
workaround-did-work = It worked
workaround-did-not = It did not
workaround-not-used = The workaround of { $number } was not used here.
why-linked = linked
why-words = same words: { $words }
why-item = same item
why-service = same service
why-category = same category
why-subcategory = same subcategory
why-factors = same factors: { $factors }

## Similar incidents

similar-incidents = Similar incidents
similar-what = By what they have in common. Choose those that have the same cause.
similar-none = No other incident is like it

## Telling those who wait

telling = Tell the open incidents
telling-what = Writes the same text on every open incident of this problem.
telling-whom = Whom
telling-replies = { $count ->
    [one] Requesters: a reply on { $count } incident
   *[other] Requesters: a reply on { $count } incidents
}
telling-notes = { $count ->
    [one] The desk: a note on { $count } incident
   *[other] The desk: a note on { $count } incidents
}
telling-followers = { $count ->
    [one] and { $count } who follows
   *[other] and { $count } who follow
}
telling-reaches = It reaches
telling-left = Left out: everybody sees them, and this problem is restricted
telling-send = Send
telling-told = Told on { $count } incidents.
telling-changed = The open incidents of { $number } changed meanwhile. Look at them again.
telling-reaches-nobody = This reaches nobody.

## The fix

fix-plan = Plan the fix
fix-what = A problem is fixed by a change. When it succeeds, the problem is watched; when it fails, the fix is planned again.
fix-change = Number of the change
fix-planned = { $number } is to fix it.
fix-watched-hint = Without a new incident in this time it is resolved.
fix-did-not-hold = The fix did not hold.
watched-days-wrong = Say a number of days from 1 to { $max }.
problem-verified-text = { $count ->
    [one] The fix held: { $count } day without another incident.
   *[other] The fix held: { $count } days without another incident.
}
problem-not-fixed = { $number } is not fixed yet.
resolve-linked = Resolve its incidents
resolve-linked-what = Ends the open incidents that waited for this problem.
resolve-linked-none = No open incident is linked to it
resolve-linked-with = { $count ->
    [one] { $count } incident is resolved
   *[other] { $count } incidents are resolved
}
resolve-linked-done = Resolved: { $count }.

## Accepting a risk

risk-accept = Accept the risk
risk-what = The problem is resolved as a risk that is lived with. It does not close by itself, its known error stays, and it comes back into the queue on the day.
risk-owner = Owner:
risk-no-owner = nobody yet
risk-reason = Why it is accepted
risk-accepted = The risk is accepted.
risk-owner-needed = A risk needs an owner. Assign the problem to somebody first.
risk-reason-needed = Say why it is accepted.
risk-review-needed = Say when somebody looks at it again.
risk-review-in-the-past = This day is over. Choose one to come.
risk-review-too-far = Look again within { $days } days.
risk-review-due = The day on which this risk is looked at again has come.

## What people are told

notice-problems = { $count ->
    [one] A problem you wait for
   *[other] { $count } problems you wait for
}
notice-problem-verifying = The fix was carried out and is watched.
notice-problem-not-fixed = The fix failed or was backed out. Another is to be planned.
notice-problem-recurred = It happened again after the fix.
notice-problem-resolved = The fix held. The problem is resolved.
notice-risk-review = The accepted risk is to be looked at again.

## History

field-workaround = Workaround
field-watched-days = Days a fix is watched
field-verify-until = Watched until
field-review-at = Looked at again
field-factors = Contributing factors
field-factor-code = Kind
field-factor-text = What contributed
field-factor-evidence = How it is known
field-known-error-version = Version of the known error
field-known-error-audience = For whom
field-known-error-symptoms = Symptoms
field-known-error-workaround = Published workaround
field-known-error-retired = Retired
field-known-error-reason = Why it is retired
field-workarounds = Workarounds used
field-workaround-of = Known error
field-told-incidents = Incidents told
field-told-audience = For whom
field-told-text = Text
fact-workaround-saved = Workaround saved
fact-workaround-used = Workaround used
fact-workaround-worked = Workaround worked
fact-workaround-failed = Workaround did not work
fact-factor-added = Contributing factor added
fact-factor-edited = Contributing factor changed
fact-factor-removed = Contributing factor taken away
fact-known-error-published = Known error published
fact-known-error-retired = Known error retired
fact-known-error-offered-again = Known error offered again
fact-watch-changed = Dates changed
fact-incidents-told = Incidents told
problem-trends = What keeps coming back
problem-trends-what = { $count ->
    [one] Incidents of the last day that no problem explains, by service and category; three or more, beside the day before.
   *[other] Incidents of the last { $count } days that no problem explains, by service and category; three or more, beside the { $count } days before.
}
problem-trends-none = Nothing came back three times.
problem-trend-lately = Lately
problem-trend-before = Before
problem-trend-grew = More
