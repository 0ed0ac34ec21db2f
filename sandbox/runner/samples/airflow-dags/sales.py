"""A DAG of the sample company."""

from airflow.sdk import dag, task


@dag(dag_id="sales", schedule=None, catchup=False, tags=["sample"])
def sales():
    @task
    def sum_up() -> str:
        return "summed up"

    sum_up()


sales()
