"""A DAG of the sample company."""

from airflow.sdk import dag, task


@dag(dag_id="nightly", schedule=None, catchup=False, tags=["sample"])
def nightly():
    @task
    def load() -> str:
        return "loaded"

    load()


nightly()
