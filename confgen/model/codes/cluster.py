"""Codes of runs on a cluster."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

_SITES = """\
pbxs:
  berlin: {kind: asterisk, site: eu-west, address: 10.1.0.5}
"""

EXPLANATIONS = (
    Explanation(
        code="CLU-01",
        title="no worker of the cluster is there for a site",
        meaning="With --scheduler each PBX is worked on by the workers of its `site`, which stand behind the same "
        "firewall; a PBX without one by workers without one. Nobody else is asked in their place, and nobody waits for "
        "a worker that may never come.",
        mend="Start a worker there with the resource `site-` and the site's name, and as the amount how many PBXs it "
        "may work on at once: `dask worker --resources site-eu-west=8`.",
        example=_SITES,
        source="https://distributed.dask.org/en/stable/resources.html",
    ),
    Explanation(
        code="CLU-02",
        title="another version of confgen on a cluster",
        meaning="Work and results go through the cluster as values of confgen's own. With another version at the far "
        "end they would mean something else, or nothing; so nothing is begun unless all have the same one.",
        mend="Install the same version where you are, on the scheduler and on every worker; then start them anew.",
    ),
    Explanation(
        code="CLU-03",
        title="secrets would have to travel through a cluster",
        meaning="A scheduler keeps what goes through it in memory, and whoever has a certificate of the cluster can "
        "look. So secrets and certificates are resolved on the worker alone, from its files, environment and vault, "
        "and only where the inventory says that this is meant.",
        mend="Write `cluster: {secrets: worker}`, and `folder` where the inventory's folder is another one there. Each "
        "worker needs what the inventory refers to, for the PBXs of its sites.",
        example="cluster: {secrets: worker, folder: /srv/telephony}\n",
    ),
    Explanation(
        code="CLU-04",
        title="a party of the cluster would also speak without TLS",
        meaning="Whoever may speak with a scheduler or a worker can have it run any code, on machines with keys to "
        "PBXs. So every address must be one of TLS, and each party must demand a certificate of every other one.",
        mend="Start it with `--tls-ca-file`, `--tls-cert` and `--tls-key`, or set `distributed.comm.tls` and "
        "`distributed.comm.require-encryption: true` in its configuration.",
        source="https://distributed.dask.org/en/stable/tls.html",
    ),
    Explanation(
        code="CLU-05",
        title="a PBX whose lock lies on the machine that pushes",
        meaning="What a push of such a PBX was about to change, and whose turn it is, is kept on the disk of whoever "
        "pushes. On a cluster that would be another machine each time, and none would know of the others.",
        mend="Leave --scheduler out for these: `--limit` chooses PBXs.",
    ),
    Explanation(
        code="CLU-06",
        title="the scheduler was lost in the midst of a run",
        meaning="It is gone, or has not answered for a minute. What was under way is not heard of any more. Each PBX "
        "is wholly as before, or wholly as it should be: a worker goes on to its own end, and what nobody confirmed "
        "the PBX's host undoes by itself. Nothing new was begun.",
        mend="See to the scheduler; then `confgen push --resume`, or look first with `confgen plan`. A rollback is "
        "begun again, with `--limit`, for those alone that `confgen history` shows as left: others would go back once "
        "more.",
    ),
    Explanation(
        code="CLU-07",
        title="a worker was lost while it worked on a PBX",
        meaning="How far it came is not known. What only looks is given to another worker of the site; what changes a "
        "PBX is never begun a second time in the same run. Its host undoes what was not confirmed. The same is told "
        "where the worker lives, and the cluster has lost or dropped its answer.",
        mend="`confgen push --resume` goes on with it; until the lost push's hold has ended, it is refused.",
    ),
)
